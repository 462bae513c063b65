#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/python/obstacle.hpp"

namespace mprofpp::python {

/// A Python program that was seen in a tree.
struct Program {
  std::string interpreter;  ///< path of its executable
  std::string folder;       ///< that it runs in
  std::vector<std::string> words;
  Obstacle obstacle = Obstacle::none;
};

/// What agents have said about marks that they could not make, or have prepared for.
struct Told {
  bool no_room = false;        ///< a ring could not be made
  bool file_limit = false;     ///< nor may be: the limit on the size of files is too small
  bool decorated = false;      ///< calls of some function are watched
  bool undecorable = false;    ///< something was decorated whose calls cannot be
  bool free_threaded = false;  ///< the interpreter has no lock
  bool unknown = false;        ///< the interpreter is none that the agent knows
};

/// Whether the user wants marks at all.
enum class Marks { wanted, left_out };

/// All that is known of a run in which no mark was made.
struct Evidence {
  std::vector<Program> programs;
  Told told;
  Marks marks = Marks::wanted;
  std::vector<std::string> patterns;  ///< of --trace
};

/// Why marks that were asked for have not come.
struct Unmarked {
  enum class Cause {
    left_out,
    obstacle,
    free_threaded,
    unknown_interpreter,
    no_room,
    file_limit,
    never_called,  ///< what is decorated
    undecorable,
    never_reached,   ///< the line that decorates
    nothing_matched  ///< a pattern
  };
  enum class Asked { by_decorator, by_pattern };

  Cause cause = Cause::never_reached;
  Asked asked = Asked::by_decorator;
  std::string place;        ///< "app.py:12" or the pattern; empty if the decorator was not found
  std::string interpreter;  ///< path; empty if unknown, or if there was no Python
  Obstacle obstacle = Obstacle::none;
};

/// Nothing where nobody asked: no pattern, and no source named on a command line that uses our
/// `profile`. Reads those sources.
std::optional<Unmarked> why_unmarked(const Evidence& evidence);

}  // namespace mprofpp::python
