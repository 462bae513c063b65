#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/render/detail/label_placer.hpp"
#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns true if the curves are few enough to be named at their ends, and the page is wide enough for that.
/// The table of curves is left out then, so it must say nothing else.
bool wants_end_labels(const Sheet& sheet);

/// Returns the room that the names need to the right of the plot, with the gap between them.
double end_labels_width(const Sheet& sheet);

/// Names the curves at their ends: next to the plot if a curve reaches its right edge, else in the plot.
class EndLabels {
 public:
  /// `x` and `y` map data into `plot`.
  EndLabels(const Sheet& sheet, Rect plot, Scale x, Scale y);

  /// Draws the names next to the plot. Names that would overlap move apart, and a thin line leads to each.
  void draw_right_of_plot(Layer& layer) const;
  /// Draws the names of curves that end earlier. Returns false if there is no free place for one of them.
  bool draw_inside(LabelPlacer& placer, Layer& layer) const;

 private:
  bool is_right_of_plot(const chart::EndLabel& end) const;
  Dot place_of(const chart::EndLabel& end) const;
  Colour colour_of(const chart::EndLabel& end) const;
  void draw_name(const chart::EndLabel& end, double y, Layer& layer) const;

  const Sheet& sheet_;
  Rect plot_;
  Scale x_;
  Scale y_;
};

/// Moves places apart until neighbours have a distance of `gap`, as little as possible and within the range
/// from `low` to `high`, which must have room for all. `places` must ascend.
std::vector<double> spread(std::vector<double> places, double gap, double low, double high);

}  // namespace mprofpp::render
