#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "mprofpp/model/record.hpp"

namespace mprofpp::dat {

inline constexpr std::array<std::string_view, 4> end_reason_texts = {"ended", "timeout",
                                                                     "interrupted", "unknown"};

constexpr std::string_view end_reason_text(model::EndReason reason) {
  return end_reason_texts[static_cast<std::size_t>(reason)];
}

/// Returns `unknown` for a reason of a later version.
constexpr model::EndReason to_end_reason(std::string_view text) {
  const auto found = std::find(end_reason_texts.begin(), end_reason_texts.end() - 1, text);
  return static_cast<model::EndReason>(found - end_reason_texts.begin());
}

}  // namespace mprofpp::dat
