#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>

namespace mprofpp::proc {

/// A set of pids that are mostly neighbours: a range takes as little room as a single one.
class PidSet {
 public:
  /// Adds all pids from `first` to `last`, both included.
  void add(pid_t first, pid_t last);
  void add(pid_t pid) { add(pid, pid); }
  /// Returns true if it was in the set.
  bool erase(pid_t pid);
  bool contains(pid_t pid) const;
  void clear();

  std::uint64_t size() const { return size_; }

 private:
  using Ranges = std::map<pid_t, pid_t>;  ///< first pid of a range → its last; no two touch

  Ranges::const_iterator range_of(pid_t pid) const;

  Ranges ranges_;
  std::uint64_t size_ = 0;
};

}  // namespace mprofpp::proc
