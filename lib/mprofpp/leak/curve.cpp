#include "mprofpp/leak/curve.hpp"

#include <algorithm>

namespace mprofpp::leak {

void Curve::keep(Instant t, double mib) {
  if (count_ == 1) first_ = t;
  const Reading reading{to_seconds(t), mib};
  if (t < cell_end_) {
    readings_.back() = reading;
    return;
  }
  if (readings_.size() >= limit_) coarsen();
  // coarsening may have put the last reading into the cell of this one
  if (cell_ > Duration::zero()) {
    const auto end = end_of_cell(t);
    const bool is_same_cell = end == cell_end_;
    cell_end_ = end;
    if (is_same_cell) {
      if (mib < readings_.back().mib) readings_.back() = reading;
      return;
    }
  }
  readings_.push_back(reading);
}

void Curve::add_evenly(Instant first, Instant last, std::size_t ticks, double mib) {
  // more readings than the limit would fall into the same cells
  const auto shown = std::min(ticks, limit_);
  const auto before = count_;
  for (std::size_t i = 0; i < shown; ++i) {
    const double part = shown > 1 ? static_cast<double>(i) / static_cast<double>(shown - 1) : 0;
    const auto since = std::chrono::duration_cast<Duration>((last - first) * part);
    add(i + 1 == shown ? last : first + since, mib);
  }
  if (count_ > before) count_ += ticks - shown;
}

void Curve::limit_to(std::size_t limit) {
  limit_ = std::min(limit_, limit);
  while (readings_.size() > limit_) coarsen();
  readings_.shrink_to_fit();
}

/// Doubles the width of the cells until half of the room is free.
void Curve::coarsen() {
  const auto half = std::max<std::size_t>(1, limit_ / 2);
  do {
    const auto least = length() / static_cast<std::int64_t>(half) + Duration(1);
    cell_ = cell_ > Duration::zero() ? cell_ * 2 : least;
    Readings fewer;
    std::int64_t newest = -1;
    for (const auto& reading : readings_) {
      const auto at = instant_from_seconds(reading.seconds).value_or(last_);
      const auto cell = (at - first_) / cell_;
      if (cell != newest)
        fewer.push_back(reading);
      else if (reading.mib < fewer.back().mib)
        fewer.back() = reading;
      newest = cell;
    }
    readings_ = std::move(fewer);
  } while (readings_.size() > half && cell_ < length());
  cell_end_ = end_of_cell(instant_from_seconds(readings_.back().seconds).value_or(last_));
}

Instant Curve::end_of_cell(Instant t) const {
  return first_ + ((t - first_) / cell_ + 1) * cell_;
}

}  // namespace mprofpp::leak
