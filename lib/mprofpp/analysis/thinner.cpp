#include "mprofpp/analysis/thinner.hpp"

#include <algorithm>
#include <array>

namespace mprofpp::analysis {
namespace {

bool continues_level(const Stroke& stroke, double mib) {
  const auto n = stroke.size();
  return n > 1 && stroke[n - 1].mib == mib && stroke[n - 2].mib == mib;
}

/// Returns the quotient, rounded down. Nearly always the divisor is 2, which needs no division.
std::int64_t quotient(std::int64_t number, std::int64_t divisor) {
  if (divisor == 2) return number >> 1;
  return number / divisor - (number % divisor < 0 ? 1 : 0);
}

}  // namespace

/// Moves the start of the column back.
void Thinner::Column::shift(float seconds) {
  for (auto* sample : {&first, &low, &high, &last}) sample->offset += seconds;
}

/// Adds the samples of a column on the right.
void Thinner::Column::join(const Column& right) {
  const auto both = samples + right.samples;
  for (const Kept sample : {right.first, right.low, right.high, right.last}) add(sample);
  samples = both;
}

bool Thinner::Column::has(Kept sample) const {
  return sample == first || sample == low || sample == high || sample == last;
}

std::size_t Thinner::Column::kept() const {
  const bool low_is_other = !(low == first) && !(low == last);
  const bool high_is_other = !(high == first) && !(high == last) && !(high == low);
  return 1u + (last == first ? 0 : 1) + (low_is_other ? 1 : 0) + (high_is_other ? 1 : 0);
}

Thinner::Column& Thinner::column_for(std::int64_t index, Kept sample) {
  const Column fresh{index, sample, sample, sample, sample, is_interrupted_, 0};
  if (columns_.empty() || columns_.back().index < index) return columns_.emplace_back(fresh);
  const auto place = std::lower_bound(columns_.begin(), columns_.end(), index,
                                      [](const Column& c, std::int64_t i) { return c.index < i; });
  if (place->index == index) return *place;
  return *columns_.insert(place, fresh);
}

void Thinner::add_elsewhere(double seconds, double mib) {
  const double place = std::floor(seconds / width_);
  const auto index = static_cast<std::int64_t>(place);
  const Kept sample{static_cast<float>(seconds - place * width_), static_cast<float>(mib)};
  column_for(index, sample).add(sample);
  is_interrupted_ = false;
  if (columns_.size() > limit_) coarsen();
  mark_newest();
}

void Thinner::add_between(double seconds, double mib) {
  if (!std::isfinite(mib)) return;
  const double start = std::floor(seconds / width_);
  const auto index = static_cast<std::int64_t>(start);
  const Kept value{static_cast<float>(seconds - start * width_), static_cast<float>(mib)};
  const auto place = std::lower_bound(columns_.begin(), columns_.end(), index,
                                      [](const Column& c, std::int64_t i) { return c.index < i; });
  const bool is_known = place != columns_.end() && place->index == index;
  if (is_known && place->has(value)) return;
  if (is_known) return place->add(value);
  insert_between(place, {index, value, value, value, value, is_interrupted_, 1});
  if (columns_.size() > limit_) coarsen();
  mark_newest();
}

/// Before all others, the line starts with the new column; between two others, it is a part of their line, or
/// of none if there is an interruption between them.
void Thinner::insert_between(std::vector<Column>::iterator place, Column column) {
  if (place != columns_.end()) {
    column.starts_stroke = place->starts_stroke;
    if (place == columns_.begin()) place->starts_stroke = false;
  }
  columns_.insert(place, column);
}

/// Adds only what changes the line: the first and the last sample of the first column, and those of the last
/// column. The columns in between are level.
void Thinner::add_evenly(double first, double last, double step, double mib) {
  add(first, mib);
  if (!(step > 0)) return;
  const double second_column = (std::floor(first / width_) + 1) * width_;
  const double in_first = first + (std::ceil((second_column - first) / step) - 1) * step;
  if (in_first > first && in_first < last) add(in_first, mib);
  const double last_column = std::floor(last / width_) * width_;
  const double in_last = first + std::ceil((last_column - first) / step) * step;
  if (in_last > first && in_last < last) add(in_last, mib);
  add(last, mib);
}

void Thinner::mark_newest() {
  newest_begin_ = static_cast<double>(columns_.back().index) * width_;
  newest_end_ = newest_begin_ + width_;
}

void Thinner::coarsen(std::int64_t factor) {
  const double old_width = width_;
  width_ *= static_cast<double>(factor);
  std::size_t kept = 0;
  for (auto column : columns_) {
    const auto joined = quotient(column.index, factor);
    const auto place = column.index - joined * factor;
    column.index = joined;
    if (place > 0) column.shift(static_cast<float>(static_cast<double>(place) * old_width));
    if (kept > 0 && columns_[kept - 1].index == column.index)
      columns_[kept - 1].join(column);
    else
      columns_[kept++] = column;
  }
  columns_.resize(kept);
  if (kept > 0) mark_newest();
}

void Thinner::append_points(const Column& column, LevelSamples level_samples,
                            Stroke& stroke) const {
  std::array kept = {column.first, column.low, column.high, column.last};
  if (kept[1].offset > kept[2].offset) std::swap(kept[1], kept[2]);
  const double begin = static_cast<double>(column.index) * width_;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const bool is_repeated =
        i > 0 && kept[i].offset == kept[i - 1].offset && kept[i].mib == kept[i - 1].mib;
    if (is_repeated) continue;
    const Point point{begin + double{kept[i].offset}, double{kept[i].mib}};
    if (level_samples == LevelSamples::ends && continues_level(stroke, point.mib))
      stroke.back() = point;
    else
      stroke.push_back(point);
  }
}

std::vector<Stroke> Thinner::strokes(LevelSamples level_samples) const {
  std::vector<Stroke> strokes;
  for (const auto& column : columns_) {
    if (strokes.empty() || column.starts_stroke) strokes.emplace_back();
    append_points(column, level_samples, strokes.back());
  }
  return strokes;
}

std::size_t Thinner::kept() const {
  std::size_t sum = 0;
  for (const auto& column : columns_) sum += column.kept();
  return sum;
}

bool Thinner::has_all() const {
  return std::all_of(columns_.begin(), columns_.end(),
                     [](const Column& column) { return column.samples == column.kept(); });
}

}  // namespace mprofpp::analysis
