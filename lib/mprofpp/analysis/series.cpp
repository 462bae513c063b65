#include "mprofpp/analysis/series.hpp"

#include <utility>

namespace mprofpp::analysis {
namespace {

// a clock that never stands still must not cost memory without end
constexpr std::size_t most_passes = 8;

}  // namespace

Series::Series(const Grid& grid, std::size_t limit)
    : grid_(grid), limit_(limit), passes_{Thinner(grid.width(), limit)} {}

bool Series::keep_outside(Point sample) {
  if (grid_.outside == Grid::Outside::widen) return false;
  if (sample.seconds < grid_.first()) {
    if (!before_ || before_->seconds <= sample.seconds) before_ = sample;
    return true;
  }
  if (sample.seconds > grid_.last()) {
    if (!is_lifted_ && (!after_ || after_->seconds > sample.seconds)) after_ = sample;
    return true;
  }
  return false;
}

bool Series::is_outside(double seconds) const {
  return grid_.outside == Grid::Outside::cut && (seconds < grid_.first() || seconds > grid_.last());
}

void Series::pass_through(Instant t, double mib) {
  const double seconds = grid_.seconds(t);
  if (empty() || is_outside(seconds) || !std::isfinite(mib)) return;
  passes_.front().add(seconds, mib);
}

void Series::step_back(double seconds) {
  // samples of one tick may be a little out of order; that is no step
  const bool is_step = seconds < latest_ - 2 * passes_.back().column_width();
  if (is_step && passes_.size() < most_passes) passes_.emplace_back(grid_.width(), limit_);
}

void Series::lift() {
  passes_.back().lift();
  is_lifted_ = true;
  if (empty()) before_.reset();
}

void Series::coarsen() {
  for (auto& pass : passes_) pass.coarsen();
}

std::size_t Series::columns() const {
  std::size_t sum = 0;
  for (const auto& pass : passes_) sum += pass.columns();
  return sum;
}

void Series::add(Instant t, double mib) {
  const Point sample{grid_.seconds(t), mib};
  if (!std::isfinite(mib)) return lift();
  if (keep_outside(sample)) return;

  if (sample.seconds < latest_) step_back(sample.seconds);
  latest_ = sample.seconds;
  is_lifted_ = false;
  passes_.back().add(sample.seconds, mib);
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
  std::vector<Stroke> strokes;
  for (const auto& pass : passes_) {
    for (auto& stroke : pass.strokes()) strokes.push_back(std::move(stroke));
  }
  if (strokes.empty()) return strokes;
  if (before_) strokes.front().insert(strokes.front().begin(), *before_);
  if (after_) strokes.back().push_back(*after_);
  return strokes;
}

}  // namespace mprofpp::analysis
