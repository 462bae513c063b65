#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

namespace mprofpp::analysis {

/// Finds the index of the process that has a pid now. The lines of a tick have the processes in the same
/// order as those of the tick before, so the one that followed last time is tried first: it needs no hashing.
class PidIndex {
 public:
  /// The index of a pid that has none. Numbers are returned in registers; an optional would cost more than
  /// the search.
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  /// Returns the index of a pid, or `none`.
  std::size_t find(pid_t pid) const {
    const auto slot = slot_of(pid);
    return slot == none ? none : slots_[slot].index;
  }
  /// The same for a pid that is next in the order of the lines, which it remembers.
  std::size_t find_next(pid_t pid) {
    const auto slot = slot_of(pid);
    if (slot == none) return none;
    go_on_to(slot);
    return slots_[slot].index;
  }
  bool contains(pid_t pid) const { return slot_of(pid) != none; }
  /// Gives a pid an index, or another one: it belongs to another process from now on.
  void set(pid_t pid, std::size_t index);
  void erase(pid_t pid);

 private:
  struct Slot {
    std::int64_t pid;  // one that no process has if the slot is free
    std::size_t index;
    std::size_t follower;  // the slot that was looked up after this one
  };

  std::size_t slot_of(pid_t pid) const {
    if (slots_.empty()) return none;
    if (slots_[last_].pid == pid) return last_;
    const auto follower = slots_[last_].follower;
    return slots_[follower].pid == pid ? follower : search(pid);
  }
  void go_on_to(std::size_t slot) {
    if (slot == last_) return;
    slots_[last_].follower = slot;
    last_ = slot;
  }
  std::size_t search(pid_t pid) const;

  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  std::unordered_map<pid_t, std::size_t> by_pid_;  // slots
  std::size_t last_ = 0;                           // the slot that was looked up last
};

}  // namespace mprofpp::analysis
