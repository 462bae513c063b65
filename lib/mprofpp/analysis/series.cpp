#include "mprofpp/analysis/series.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::analysis {
namespace {

// a clock that keeps stepping back must not use unlimited memory
constexpr std::size_t most_passes = 8;

/// Returns the number of columns above which they get wider: samples may exceed an estimated range.
std::size_t column_limit(const Grid& grid) {
  return 2 * grid.columns + 16;
}

}  // namespace

Series::Series(const Grid& grid)
    : grid_(grid),
      passes_{Thinner(grid.width(), column_limit(grid))},
      fit_(grid.outside == Grid::Outside::cut ? SlopeOf::all : SlopeOf::middle) {}

bool Series::keep_outside(Point sample) {
  if (sample.seconds < grid_.first()) {
    if (!before_ || before_->seconds <= sample.seconds) before_ = sample;
    return true;
  }
  if (sample.seconds > grid_.last()) {
    if (!is_interrupted_ && (!after_ || after_->seconds > sample.seconds)) after_ = sample;
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
  passes_.front().add_between(seconds, mib);
}

void Series::step_back(double seconds) {
  // samples of one tick may be a little out of order; that is not a step of the clock
  const bool is_step = seconds < latest_ - 2 * passes_.back().column_width();
  if (is_step && passes_.size() < most_passes)
    passes_.emplace_back(grid_.width(), column_limit(grid_));
}

void Series::interrupt() {
  passes_.back().interrupt();
  is_interrupted_ = true;
  if (empty()) before_.reset();
}

void Series::coarsen(std::int64_t factor) {
  for (auto& pass : passes_) pass.coarsen(factor);
}

double Series::column_width() const {
  double width = 0;
  for (const auto& pass : passes_) width = std::max(width, pass.column_width());
  return width;
}

std::size_t Series::kept() const {
  std::size_t sum = 0;
  for (const auto& pass : passes_) sum += pass.kept();
  return sum;
}

bool Series::has_all() const {
  return std::all_of(passes_.begin(), passes_.end(),
                     [](const Thinner& pass) { return pass.has_all(); });
}

std::size_t Series::columns() const {
  std::size_t sum = 0;
  for (const auto& pass : passes_) sum += pass.columns();
  return sum;
}

void Series::add(Instant t, double mib) {
  const Point sample{grid_.seconds(t), mib};
  if (!std::isfinite(mib)) return interrupt();
  if (grid_.outside == Grid::Outside::cut && keep_outside(sample)) return;
  go_on_to(sample.seconds);
  passes_.back().add(sample.seconds, mib);
  // nearly all samples are after all others, and between the extremes
  if (sample.seconds > last_ && mib <= highest_.mib && mib >= lowest_.mib)
    last_ = sample.seconds;
  else
    extend(sample);
  if (has_trend()) fit_.add(sample.seconds, mib);
  ++count_;
  sum_ += mib;
}

/// Keeps the nearest readings outside the window as add() does for single samples.
void Series::add(const model::Held& held) {
  if (!std::isfinite(held.mib)) return interrupt();
  if (grid_.outside == Grid::Outside::widen) return place(held);
  constexpr Duration next = std::chrono::microseconds(1);  // as exact as the times of a file
  const auto before = held.within(Instant::min(), grid_.begin - next);
  const auto after = held.within(grid_.end + next, Instant::max());
  if (before) keep_outside({grid_.seconds(before->last), held.mib});
  if (const auto inside = held.within(grid_.begin, grid_.end)) place(*inside);
  if (after) keep_outside({grid_.seconds(after->first), held.mib});
}

void Series::place(const model::Held& held) {
  const double first = grid_.seconds(held.first);
  const double last = grid_.seconds(held.last);
  const double step = held.ticks > 1 ? (last - first) / static_cast<double>(held.ticks - 1) : 0;
  go_on_to(first);
  passes_.back().add_evenly(first, last, step, held.mib);
  latest_ = last;
  extend({first, held.mib});
  extend({last, held.mib});
  if (has_trend()) fit_.add_evenly(first, last, held.ticks, held.mib);
  count_ += held.ticks;
  sum_ += held.mib * static_cast<double>(held.ticks);
}

void Series::go_on_to(double seconds) {
  if (seconds < latest_) step_back(seconds);
  latest_ = seconds;
  is_interrupted_ = false;
}

void Series::extend(Point sample) {
  if (first_ > last_) {
    highest_ = lowest_ = sample;
    first_ = last_ = sample.seconds;
    return;
  }
  if (sample.mib > highest_.mib) highest_ = sample;
  if (sample.mib < lowest_.mib) lowest_ = sample;
  last_ = std::max(last_, sample.seconds);
  first_ = std::min(first_, sample.seconds);
}

std::vector<Stroke> Series::strokes(LevelSamples level_samples) const {
  std::vector<Stroke> strokes;
  for (const auto& pass : passes_) {
    for (auto& stroke : pass.strokes(level_samples)) strokes.push_back(std::move(stroke));
  }
  if (strokes.empty()) return strokes;
  if (before_) strokes.front().insert(strokes.front().begin(), *before_);
  if (after_) strokes.back().push_back(*after_);
  return strokes;
}

}  // namespace mprofpp::analysis
