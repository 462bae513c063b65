#pragma once

#include <cstdint>

#include "mprofpp/wire/exit_record.hpp"

/// Reads what the kernel reports about this process in /proc/self. Everything here is safe in a
/// signal handler, but changes errno.
namespace mprofpp::agent {

/// Returns when this process started, in clock ticks since boot; 0 if that cannot be read. The start
/// time and the pid together identify a process for good.
std::uint64_t own_start();

struct OwnStatus {
  std::uint32_t pid = 0;  ///< 0 if the status could not be read
  std::uint32_t parent = 0;
  char name[wire::ExitRecord::name_room] = {};  ///< ends at the first zero byte
  std::uint64_t peak_vms = 0;                   ///< VmPeak in bytes
  std::uint64_t peak_rss = 0;  ///< VmHWM in bytes; may be 0 for a very small process
  std::uint64_t filters = 0;   ///< seccomp filters, including inherited ones
};
OwnStatus own_status();

}  // namespace mprofpp::agent
