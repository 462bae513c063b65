#pragma once

#include <cstdint>

#include "mprofpp/launch/environment.hpp"

namespace mprofpp::launch {

/// The state in which mprofpp was started and in which it starts the program. It is read before
/// mprofpp blocks a signal or raises a limit. The program also inherits every descriptor without
/// close-on-exec; these are exactly the ones that mprofpp itself has inherited.
struct StartState {
  std::uint64_t blocked_signals = 0;    ///< bit n-1 for signal n
  bool ignores_ended_children = false;  ///< SIGCHLD is SIG_IGN
  std::uint64_t descriptor_limit = 0;   ///< the soft RLIMIT_NOFILE
  Environment environment;
};
StartState read_start_state();

/// Raises the soft limit on descriptors to the hard limit: the recorder keeps one descriptor per process.
void raise_descriptor_limit();

}  // namespace mprofpp::launch
