#pragma once

#include <string>

namespace mprofpp::python {

/// The reason why the agent cannot be loaded into a process, or cannot mark anything in it.
enum class Obstacle {
  none,
  pypy,
  too_old,            ///< a Python before 3.8
  linked_statically,  ///< no library can be loaded into it
  narrow,             ///< a 32-bit program
  foreign,            ///< built for another processor
  privileged,         ///< setuid, setgid or with capabilities: the linker preloads nothing into it
  lost_environment,   ///< some program has removed the variables that load the agent
  out_of_reach        ///< its root directory does not contain the agent's files
};

/// Returns true if the name of the executable is that of a Python: python3.11, python3-dbg, pypy3, but not
/// the script python_stats.py.
bool is_python(const std::string& path);

/// Returns the obstacle that the permissions and the headers of an executable show.
Obstacle obstacle_of_program(const std::string& path);
/// Does the same for a Python, whose name shows more.
Obstacle obstacle_of(const std::string& path);

}  // namespace mprofpp::python
