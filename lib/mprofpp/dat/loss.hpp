#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "mprofpp/model/record.hpp"

namespace mprofpp::dat {

inline constexpr std::array<std::string_view, 4> loss_texts = {"ticks", "marks", "processes",
                                                               "censuses"};

constexpr std::string_view loss_text(model::Loss loss) {
  return loss_texts[static_cast<std::size_t>(loss)];
}

/// Returns nothing for a kind of a later version.
constexpr std::optional<model::Loss> to_loss(std::string_view text) {
  for (std::size_t i = 0; i < loss_texts.size(); ++i) {
    if (loss_texts[i] == text) return static_cast<model::Loss>(i);
  }
  return std::nullopt;
}

}  // namespace mprofpp::dat
