#include <algorithm>
#include <cmath>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"

namespace mprofpp::chart {
namespace {

constexpr std::size_t most_strips = 6;
constexpr double levels = 8;  // of density; cells of the same level become one block

/// The seconds in which calls ran, in equal cells of time. A cell without calls has none.
class Cells {
 public:
  Cells(Range time, std::size_t count)
      : time_(time), width_(time.length() / static_cast<double>(count)), levels_(count, 0) {}

  void add(const analysis::BusyTime& busy) {
    const double first = place(busy.begin);
    const double last = place(busy.end);
    if (last < 0 || first >= static_cast<double>(levels_.size())) return;
    const double density = busy.seconds / std::max(busy.end - busy.begin, width_);
    const double end = std::min(std::floor(last), static_cast<double>(levels_.size()) - 1);
    for (double cell = std::max(std::floor(first), 0.0); cell <= end; ++cell) {
      const double overlap = std::min(last, cell + 1) - std::max(first, cell);
      const double share = last - first > 1 ? std::clamp(overlap, 0.0, 1.0) : 1;
      auto& level = levels_[static_cast<std::size_t>(cell)];
      // the smallest number marks a cell in which a call took no time
      level = std::max(level + density * share, std::numeric_limits<double>::min());
    }
  }

  /// Returns the cells with calls; neighbours of about the same density are one block.
  std::vector<StripBlock> blocks() const {
    std::vector<StripBlock> blocks;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i] == 0) continue;
      const double begin = time_.low + static_cast<double>(i) * width_;
      const double density = std::ceil(std::min(levels_[i], 1.0) * levels) / levels;
      const bool goes_on = !blocks.empty() && blocks.back().density == density &&
                           begin - blocks.back().end < width_ / 2;
      if (goes_on)
        blocks.back().end = begin + width_;
      else
        blocks.push_back({begin, begin + width_, density});
    }
    return blocks;
  }

 private:
  double place(double seconds) const { return (seconds - time_.low) / width_; }

  Range time_;
  double width_;
  std::vector<double> levels_;
};

Strip strip_of(const Figure& figure, const Part& part, const FunctionColours& colours,
               std::uint32_t function) {
  const auto& totals = part.history.spans.functions[function];
  Strip strip{.name = colours.name(function), .hue = colours.of(function)};
  if (totals.added) strip.detail = added_text(totals.added) + " · ";
  strip.detail += calls_text(totals);
  strip.tooltip = strip.name + " · " + strip.detail + " · " + seconds_text(totals.seconds);
  Cells cells(figure.time, std::clamp<std::size_t>(part.history.grid.columns / 3, 50, 1000));
  for (const auto& busy : totals.busy) cells.add(busy);
  strip.blocks = cells.blocks();
  return strip;
}

}  // namespace

void add_strips(Figure& figure, const Part& part, const FunctionColours& colours) {
  if (!(figure.time.length() > 0)) return;
  for (const auto function : colours.most_important(most_strips)) {
    figure.strips.push_back(strip_of(figure, part, colours, function));
  }
}

}  // namespace mprofpp::chart
