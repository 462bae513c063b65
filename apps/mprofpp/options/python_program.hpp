#pragma once

#include "cli/arguments.hpp"

namespace mprofpp::app {

/// Whether python3 runs the program.
enum class Python {
  by_name,  ///< if the first argument is a file that ends in .py
  always,   ///< always (--python)
  never     ///< never (--nopython)
};

/// Returns the command line `program` with an interpreter in front if one is needed: `x.py` becomes
/// `python3 x.py`, unless it is an executable script (its path has a slash, it is executable and it starts
/// with #!). With Python::always, a name that is not a file is a module (`python3 -m`).
Arguments with_interpreter(Arguments program, Python python);

}  // namespace mprofpp::app
