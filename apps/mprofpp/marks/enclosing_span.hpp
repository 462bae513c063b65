#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/model/process_id.hpp"

namespace mprofpp::app {

/// The span in which a command runs, as `mprofpp span` hands it to the command in an environment variable.
struct EnclosingSpan {
  model::ProcessId lane;   ///< the process that called the outermost span
  std::uint64_t call = 0;  ///< the number of the call; 0 if nothing is recorded
};

/// Returns the span in the environment of this process, if there is one.
std::optional<EnclosingSpan> enclosing_span();

/// Convert between a span and the value of the variable, "PID.START.CALL". Anything else is not a span.
std::optional<EnclosingSpan> parse_span(std::string_view value);
std::string text_of(const EnclosingSpan& span);

}  // namespace mprofpp::app
