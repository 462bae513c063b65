#pragma once

#include <cstdint>

#include "core/kept_file.hpp"

namespace mprofpp::agent {

/// The kernel's high-water mark of this process's resident memory (VmHWM), which a process may reset.
class HighWater {
 public:
  constexpr HighWater() = default;

  /// Returns the mark in bytes; 0 if it cannot be read. Preserves errno.
  std::uint64_t read();
  /// Resets the mark to the memory of this moment. Returns false if the kernel refuses. Preserves errno.
  bool reset();
  /// Must be called in a forked child: the descriptor still resets the parent's mark.
  void forget();

 private:
  bool open();

  KeptFile file_;
};

}  // namespace mprofpp::agent
