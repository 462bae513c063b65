#pragma once

#include <cstddef>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/reading.hpp"

namespace mprofpp::leak {

/// The readings of one process or of all of them. It keeps every reading of a short recording and, above
/// `limit`, the least one of each cell of equal time, whose width doubles as the recording gets longer.
class Curve {
 public:
  static constexpr std::size_t default_limit = 32768;

  explicit Curve(std::size_t limit = default_limit) : limit_(limit) {}

  /// Adds a reading. One that is earlier than the last one, because the clock was set back, and one that is
  /// not a number are left out. Returns false then.
  bool add(Instant t, double mib);
  /// Adds `ticks` readings of the same value from `first` to `last`.
  bool add_evenly(Instant first, Instant last, std::size_t ticks, double mib);
  /// Lowers the limit, so that many curves stay small together.
  void limit_to(std::size_t limit);

  bool empty() const { return readings_.empty(); }
  const Readings& readings() const { return readings_; }
  /// The number of readings that were added.
  std::size_t count() const { return count_; }
  /// Seconds since the epoch. The curve must not be empty.
  double first() const { return first_; }
  double last() const { return last_; }
  double last_mib() const { return last_mib_; }

 private:
  void coarsen();
  void keep(Reading reading);

  std::size_t limit_;
  Readings readings_;
  std::size_t count_ = 0;
  double cell_ = 0;  // seconds; 0 while every reading is kept
  double first_ = 0;
  double last_ = 0;
  double last_mib_ = 0;
};

}  // namespace mprofpp::leak
