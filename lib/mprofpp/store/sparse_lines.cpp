#include "mprofpp/store/sparse_lines.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace mprofpp::store {
namespace {

/// The longest time between two MEM lines: at most this much is unknown if the recorder is killed.
constexpr Duration longest_silence = std::chrono::seconds(10);

bool differ(const std::vector<model::Reading>& some, const std::vector<model::Reading>& others,
            double most) {
  return !std::equal(some.begin(), some.end(), others.begin(), others.end(),
                     [&](const model::Reading& a, const model::Reading& b) {
                       return a.metric == b.metric && std::abs(a.mib - b.mib) <= most;
                     });
}

/// Raises each metric to its new reading. Returns true if one of them has a new high.
bool raise(std::vector<model::Reading>& highest, const std::vector<model::Reading>& readings) {
  bool is_higher = false;
  for (const auto& reading : readings) {
    const auto is_same = [&](const model::Reading& one) { return one.metric == reading.metric; };
    const auto known = std::find_if(highest.begin(), highest.end(), is_same);
    if (known == highest.end()) {
      highest.push_back(reading);
    } else if (reading.mib > known->mib) {
      known->mib = reading.mib;
      is_higher = true;
    }
  }
  return is_higher;
}

}  // namespace

void SparseLines::each(const model::Sample& sample) {
  if (!is_sparse_) return next_.take(sample);
  end_tick();
  is_open_ = true;
  is_due_ = false;
  read_children_.clear();
  tick_before_ = std::exchange(tick_, {tick_.number + 1, sample.t});
  take_reading(total_, sample.mib, sample.extra_readings);
}

void SparseLines::each(const model::ChildSample& sample) {
  if (!is_sparse_) return next_.take(sample);
  auto& child = *children_.try_emplace(sample.pid).first;
  take_reading(child.second, sample.mib, sample.extra_readings);
  read_children_.push_back(&child);
}

void SparseLines::take_reading(Series& series, double mib,
                               const std::vector<model::Reading>& extra_readings) {
  std::swap(series.before, series.now);
  series.now.mib = mib;
  series.now.extra_readings = extra_readings;
  series.read_tick = tick_.number;
  const bool has_new_high = raise(series.highest_readings, extra_readings);
  is_due_ |= has_new_high || is_far_from_line(series);
  series.highest = std::max(series.highest, mib);
}

bool SparseLines::is_far_from_line(const Series& series) const {
  if (series.line_tick == 0 || series.now.mib > series.highest) return true;
  return !(std::abs(series.now.mib - series.written.mib) <= min_change_) ||
         differ(series.now.extra_readings, series.written.extra_readings, min_change_);
}

void SparseLines::end_tick() {
  if (!std::exchange(is_open_, false)) return;
  const bool some_were_not_read = read_children_.size() != children_.size();
  if (needs_all_lines_ || some_were_not_read)
    write_all();
  else if (is_due_ || tick_.t - t_line_ >= longest_silence)
    write_changes();
  else
    ++left_out_;
}

/// Returns the processes that had no line at the tick before, sorted by pid. Some may be missing from the
/// current tick.
std::vector<SparseLines::Child*> SparseLines::left_out_at_tick_before() {
  std::vector<Child*> found;
  for (auto& child : children_) {
    const auto last_line = child.second.line_tick;
    if (last_line > 0 && last_line < tick_before_.number) found.push_back(&child);
  }
  std::sort(found.begin(), found.end(),
            [](const Child* a, const Child* b) { return a->first < b->first; });
  return found;
}

/// Writes a tick that does not depend on the ticks before.
void SparseLines::write_all() {
  if (left_out_ > 0) write_total(total_.before, tick_before_, left_out_);
  for (auto* child : left_out_at_tick_before()) {
    const auto& series = child->second;
    write_child(*child, series.read_tick == tick_.number ? series.before : series.now,
                tick_before_);
  }
  write_total(total_.now, tick_, 0);
  for (auto* child : read_children_) write_child(*child, child->second.now, tick_);
  std::erase_if(children_,
                [&](const Child& child) { return child.second.read_tick != tick_.number; });
  needs_all_lines_ = false;
}

void SparseLines::write_changes() {
  const auto has_changed = [](const Child* child) { return child->second.has_changed(); };
  if (total_.has_changed() ||
      std::any_of(read_children_.begin(), read_children_.end(), has_changed)) {
    write_rest_of_tick_before();
  }
  write_total(total_.now, tick_, left_out_ + 1);
  for (auto* child : read_children_) {
    if (has_changed(child)) write_child(*child, child->second.now, tick_);
  }
}

/// Writes the last samples before those that have changed, if they were left out. A tick that has a MEM line
/// has a line for each value that is not that of the last line, so that the values add up.
void SparseLines::write_rest_of_tick_before() {
  if (left_out_ > 0) write_total(total_.before, tick_before_, left_out_);
  for (auto* child : read_children_) {
    const auto& series = child->second;
    const bool was_left_out = series.line_tick > 0 && series.line_tick < tick_before_.number;
    if (was_left_out && (series.has_changed() || series.before != series.written)) {
      write_child(*child, series.before, tick_before_);
    }
  }
}

/// Writes the last tick if it was left out, without the processes whose values are those of their last lines.
void SparseLines::write_rest_of_tick() {
  if (left_out_ == 0) return;
  write_total(total_.now, tick_, left_out_);
  for (auto* child : read_children_) {
    if (child->second.has_changed()) write_child(*child, child->second.now, tick_);
  }
}

void SparseLines::write_total(const Value& value, Tick tick, std::uint64_t ticks) {
  next_.take(model::Sample{value.mib, tick.t, value.extra_readings, ticks});
  total_.written = value;
  total_.line_tick = tick.number;
  left_out_ = 0;
  t_line_ = tick.t;
}

void SparseLines::write_child(Child& child, const Value& value, Tick tick) {
  next_.take(model::ChildSample{child.first, value.mib, tick.t, value.extra_readings});
  child.second.written = value;
  child.second.line_tick = tick.number;
}

/// Writes everything that was left out, up to the last tick.
void SparseLines::catch_up() {
  end_tick();
  write_rest_of_tick();
  for (auto* child : read_children_) {
    if (child->second.line_tick < tick_.number) write_child(*child, child->second.now, tick_);
  }
}

/// Writes what was left out of the MEM line and of this process, and forgets the process: its next value
/// belongs to another title or to another process.
void SparseLines::catch_up_and_forget(pid_t pid) {
  end_tick();
  write_rest_of_tick();
  const auto child = children_.find(pid);
  if (child == children_.end()) return;
  if (child->second.line_tick < tick_.number) write_child(*child, child->second.now, tick_);
  std::erase(read_children_, &*child);
  children_.erase(child);
}

void SparseLines::start_over() {
  catch_up();
  children_.clear();
  read_children_.clear();
  total_ = {};
  needs_all_lines_ = true;
}

void SparseLines::each(const model::Process& process) {
  catch_up_and_forget(process.id.pid);
  next_.take(process);
}

void SparseLines::each(const model::Exit& exit) {
  catch_up_and_forget(exit.pid);
  next_.take(exit);
}

/// Writes the MEM line first: a reader takes its time as the latest at which the peak was reached.
void SparseLines::each(const model::KernelPeak& peak) {
  end_tick();
  write_rest_of_tick();
  next_.take(peak);
}

void SparseLines::each(const model::Suspended& suspended) {
  start_over();
  next_.take(suspended);
}

void SparseLines::each(const model::Settings& settings) {
  if (settings.interval) catch_up();
  end_tick();
  next_.take(settings);
  if (!settings.sparse) return;
  is_sparse_ = true;
  needs_all_lines_ = true;
  min_change_ = settings.sparse->mebibytes();
}

void SparseLines::each(const model::End& end) {
  catch_up();
  next_.take(end);
}

}  // namespace mprofpp::store
