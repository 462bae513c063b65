#include "mprofpp/analysis/thinner.hpp"

#include <algorithm>
#include <array>

namespace mprofpp::analysis {

void Thinner::Column::join(Column right, float shift) {
  for (Kept sample : {right.first, right.low, right.high, right.last}) {
    sample.offset += shift;
    add(sample);
  }
}

Thinner::Column& Thinner::column_for(std::int64_t index, Kept sample) {
  const Column fresh{index, sample, sample, sample, sample, pen_is_up_};
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
  pen_is_up_ = false;
  if (columns_.size() > limit_) coarsen();
  mark_newest();
}

void Thinner::mark_newest() {
  newest_begin_ = static_cast<double>(columns_.back().index) * width_;
  newest_end_ = newest_begin_ + width_;
}

void Thinner::coarsen() {
  const auto shift = static_cast<float>(width_);
  width_ *= 2;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column column = columns_[i];
    const bool is_right_half = column.index & 1;
    column.index >>= 1;
    if (is_right_half && kept > 0 && columns_[kept - 1].index == column.index) {
      columns_[kept - 1].join(column, shift);
      continue;
    }
    if (is_right_half) {
      for (auto* sample : {&column.first, &column.low, &column.high, &column.last}) {
        sample->offset += shift;
      }
    }
    columns_[kept++] = column;
  }
  columns_.resize(kept);
  if (kept > 0) mark_newest();
}

void Thinner::append_points(const Column& column, Stroke& stroke) const {
  std::array kept = {column.first, column.low, column.high, column.last};
  if (kept[1].offset > kept[2].offset) std::swap(kept[1], kept[2]);
  const double begin = static_cast<double>(column.index) * width_;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const bool is_repeated =
        i > 0 && kept[i].offset == kept[i - 1].offset && kept[i].mib == kept[i - 1].mib;
    if (!is_repeated) stroke.push_back({begin + double{kept[i].offset}, double{kept[i].mib}});
  }
}

std::vector<Stroke> Thinner::strokes() const {
  std::vector<Stroke> strokes;
  for (const auto& column : columns_) {
    if (strokes.empty() || column.starts_stroke) strokes.emplace_back();
    append_points(column, strokes.back());
  }
  return strokes;
}

}  // namespace mprofpp::analysis
