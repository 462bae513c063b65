#pragma once

#include <string>

namespace mprofpp::python {

/// What keeps the agent out of a Python's process, or from marking anything in it.
enum class Obstacle {
  none,
  pypy,
  too_old,            ///< before 3.8
  linked_statically,  ///< nothing can be loaded into it
  narrow,             ///< a 32-bit program
  privileged,         ///< setuid, setgid or with capabilities: the linker loads nothing into it
  lost_environment,   ///< the variables that bring the agent in were taken away on the way
  out_of_reach        ///< in its root the agent's files are not to be seen
};

/// Whether an executable of that name is a Python: python3.11, pypy3.
bool is_python(const std::string& path);

/// As far as the executable tells: reads its name, its rights and its headers.
Obstacle obstacle_of(const std::string& path);

}  // namespace mprofpp::python
