#pragma once

#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/stacks.hpp"

namespace mprofpp::inspect {

inline constexpr std::size_t most_stacks = 200'000;
inline constexpr std::size_t most_frames = 1'000'000;
/// Bytes of names in frames that share a place.
inline constexpr std::size_t most_shared_text = 256 << 20;

/// Parses the agent's answer to wire::door::stacks_verb. The memory that it takes is limited, whatever the
/// text is. Errors: malformed.
Result<Stacks> parse_stacks(std::string_view json);

}  // namespace mprofpp::inspect
