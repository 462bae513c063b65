#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// A label in a plot: its texts, the full one first, and the places at which a text of some width may be, the
/// best first.
struct PlotLabel {
  const std::vector<std::string>& texts;
  std::function<std::vector<Place>(int width)> places;
  Style style;
};

/// Whether a label is written over something else if there is no free place.
enum class Urgency { if_free, always };

/// Writes one of the texts where it hides least. Returns false if there was no room.
bool draw_label(const TerminalPage& page, const Frame& frame, const PlotLabel& label,
                Urgency urgency);

}  // namespace mprofpp::render
