#pragma once

#include <atomic>
#include <cstdint>

namespace mprofpp::agent {

/// Moves a descriptor to a high number, out of the way of programs that choose the numbers of their
/// descriptors. Returns the descriptor, unmoved if that failed.
int keep_high(int fd);

/// Reads this process's resident memory through a descriptor that stays open. That takes 1 µs, a
/// fifth of the time it would take to open the file for each reading.
class Resident {
 public:
  constexpr Resident() = default;

  /// Returns the memory in bytes, or wire::unknown_rss. Preserves errno.
  std::uint64_t read();
  /// Lets go of the descriptor, which still reads the parent's memory after a fork.
  void forget();

 private:
  std::uint64_t read_kept() const;
  bool open();

  std::atomic<int> fd_ = -1;
  std::atomic<std::uint64_t> next_try_ = 0;
};

}  // namespace mprofpp::agent
