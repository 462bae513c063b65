#include "mprofpp/analysis/series.hpp"

namespace mprofpp::analysis {

Series::Series(const Grid& grid, std::size_t limit) : grid_(grid), thinner_(grid.width(), limit) {}

bool Series::keep_outside(Point sample) {
  if (grid_.outside == Grid::Outside::widen) return false;
  if (sample.seconds < grid_.first()) {
    if (!before_ || before_->seconds <= sample.seconds) before_ = sample;
    return true;
  }
  if (sample.seconds > grid_.last()) {
    if (!after_ || after_->seconds > sample.seconds) after_ = sample;
    return true;
  }
  return false;
}

void Series::add(Instant t, double mib) {
  const Point sample{grid_.seconds(t), mib};
  if (!std::isfinite(mib)) return thinner_.lift();
  if (keep_outside(sample)) return;

  thinner_.add(sample.seconds, mib);
  fit_.add(sample.seconds, mib);
  if (count_++ == 0) {
    highest_ = lowest_ = sample;
    first_ = last_ = sample.seconds;
    return;
  }
  if (mib > highest_.mib) highest_ = sample;
  if (mib < lowest_.mib) lowest_ = sample;
  first_ = std::min(first_, sample.seconds);
  last_ = std::max(last_, sample.seconds);
}

std::vector<Stroke> Series::strokes() const {
  auto strokes = thinner_.strokes();
  if (strokes.empty()) return strokes;
  if (before_) strokes.front().insert(strokes.front().begin(), *before_);
  if (after_) strokes.back().push_back(*after_);
  return strokes;
}

}  // namespace mprofpp::analysis
