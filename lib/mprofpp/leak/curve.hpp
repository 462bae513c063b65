#pragma once

#include <cmath>
#include <cstddef>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/reading.hpp"

namespace mprofpp::leak {

/// The readings of one process or of all of them. It keeps every reading of a short recording and, above a
/// limit, the least one of each cell of equal time, whose width doubles as the recording gets longer.
class Curve {
 public:
  static constexpr std::size_t default_limit = 32768;

  explicit Curve(std::size_t limit = default_limit) : limit_(limit) {}

  /// Adds a reading. One that is earlier than the one before, because the clock was set back, and one that is
  /// not a finite number are left out.
  void add(Instant t, double mib) {
    if (!std::isfinite(mib)) return;
    if (t < last_) return note_out_of_order();
    ++count_;
    last_ = t;
    last_mib_ = mib;
    // nearly all readings of a long recording are in the cell of the one before and not its least
    if (t < cell_end_ && mib >= readings_.back().mib) return;
    keep(t, mib);
  }
  /// Adds `ticks` readings of the same value, spread evenly from `first` to `last`.
  void add_evenly(Instant first, Instant last, std::size_t ticks, double mib);
  /// Lowers the limit, so that many curves stay small together.
  void limit_to(std::size_t limit);
  /// Forgets the readings. The other facts stay.
  void forget_readings() { Readings().swap(readings_); }

  bool empty() const { return count_ == 0; }
  const Readings& readings() const { return readings_; }
  /// The number of readings that were added.
  std::size_t count() const { return count_; }
  /// The number of readings that were left out because they were out of order.
  std::size_t out_of_order() const { return out_of_order_; }
  Instant first() const { return first_; }
  Instant last() const { return last_; }
  double last_mib() const { return last_mib_; }
  Duration length() const { return last_ - first_; }

 private:
  void note_out_of_order() { ++out_of_order_; }
  void keep(Instant t, double mib);
  void coarsen();
  Instant end_of_cell(Instant t) const;

  std::size_t limit_;
  Readings readings_;
  std::size_t count_ = 0;
  std::size_t out_of_order_ = 0;
  Duration cell_ = Duration::zero();   // zero while every reading is kept
  Instant cell_end_ = Instant::min();  // of the last reading; minimal while every reading is kept
  Instant first_;
  Instant last_ = Instant::min();
  double last_mib_ = 0;
};

}  // namespace mprofpp::leak
