#pragma once

#include <sys/types.h>

#include <compare>
#include <cstdint>
#include <functional>

namespace mprofpp::model {

/// Identifies a process. The kernel reuses pids, but never the same pid with the same start time.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start = 0;  ///< clock ticks since boot, field 22 of /proc/PID/stat; 0 if unknown

  friend auto operator<=>(const ProcessId&, const ProcessId&) = default;
};

}  // namespace mprofpp::model

template <>
struct std::hash<mprofpp::model::ProcessId> {
  std::size_t operator()(const mprofpp::model::ProcessId& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.start * 0x9E3779B97F4A7C15ULL ^
                                      static_cast<std::uint64_t>(id.pid));
  }
};
