#pragma once

#include <cstdint>

#include "mprofpp/launch/environment.hpp"

namespace mprofpp::launch {

/// What mprofpp was started with and the program it starts is to have: taken before mprofpp blocks
/// a signal or raises a limit. The program also inherits every descriptor without close-on-exec, which
/// are just those that mprofpp itself has inherited.
struct Surroundings {
  std::uint64_t blocked_signals = 0;    ///< bit n-1 for signal n
  bool ignores_ended_children = false;  ///< SIGCHLD is SIG_IGN
  std::uint64_t descriptor_limit = 0;   ///< the soft RLIMIT_NOFILE
  Environment environment;
};
Surroundings take_surroundings();

/// Raises the soft limit of descriptors to the hard one: the recorder keeps one per process.
void raise_descriptor_limit();

}  // namespace mprofpp::launch
