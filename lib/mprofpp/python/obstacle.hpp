#pragma once

#include <string>

namespace mprofpp::python {

/// What keeps the agent out of a process, or from marking anything in it.
enum class Obstacle {
  none,
  pypy,
  too_old,            ///< before 3.8
  linked_statically,  ///< nothing can be loaded into it
  narrow,             ///< a 32-bit program
  foreign,            ///< built for another processor
  privileged,         ///< setuid, setgid or with capabilities: the linker loads nothing into it
  lost_environment,   ///< the variables that bring the agent in were taken away on the way
  out_of_reach        ///< in its root the agent's files are not to be seen
};

/// Whether an executable of that name is a Python: python3.11, pypy3.
bool is_python(const std::string& path);

/// As far as the executable of any program tells: reads its rights and its headers.
Obstacle obstacle_of_program(const std::string& path);
/// The same for that of a Python, whose name tells more.
Obstacle obstacle_of(const std::string& path);

}  // namespace mprofpp::python
