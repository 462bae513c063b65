#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

/// The report that a process makes when it exits. It is one write into a pipe in the folder of the
/// run: the kernel keeps such a write in one piece, limits what a pipe holds, and refuses what does
/// not fit. So a fork bomb fills neither disk nor memory, and no process waits.
namespace mprofpp::wire {

struct ExitRecord {
  enum class Why : std::uint32_t {
    exit,
    exec,  ///< another program replaces it, or exec has failed after the report
  };
  static constexpr std::size_t name_room = 16;

  std::uint32_t stamp;  ///< wire::stamp
  std::uint32_t pid;    ///< `pid`, `parent` and `name` are those of /proc/self/status
  std::uint32_t parent;
  Why why;
  std::uint64_t begun;     ///< CLOCK_MONOTONIC, nanoseconds: when the program was loaded or forked
  char name[name_room];    ///< ends at the first zero byte
  std::uint64_t time;      ///< of the report, on the same clock as `begun`
  std::uint64_t peak_rss;  ///< bytes: VmHWM without the rings, which belong to mprofpp
  std::uint64_t peak_vms;  ///< bytes: VmPeak
};
static_assert(sizeof(ExitRecord) == 64);

}  // namespace mprofpp::wire
