#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/python/obstacle.hpp"

namespace mprofpp::python {

/// A program that was seen in a tree.
struct Program {
  std::string interpreter;  ///< path of its executable
  std::string folder;       ///< that it runs in
  std::vector<std::string> words;
  Obstacle obstacle = Obstacle::none;
};

/// What agents have said about marks that they could not make, or have prepared for.
struct Told {
  std::optional<int> no_ring;  ///< a ring could not be made, and the errno of that
  bool decorated = false;      ///< calls of some function are watched
  bool undecorable = false;    ///< something was decorated whose calls cannot be
  bool unknown = false;        ///< the interpreter is none that the agent knows
  // marks were asked for, and
  bool free_threaded = false;  ///< the interpreter has no lock
  bool no_tool = false;        ///< the program uses all of sys.monitoring's tools
  bool unfit = false;          ///< the interpreter does not report calls as the agent expects
};

/// Whether the user wants marks at all.
enum class Marks { wanted, left_out };

/// Why no program of a run could make marks.
struct Unavailable {
  enum class Part {
    agent,  ///< the library that is loaded into programs, which ran as without a recorder
    folder  ///< the one for rings; Python's `profile` was there and did nothing
  };

  Part part;
  Error error;
};

/// All that is known of the marks that a run does not have.
struct Evidence {
  std::vector<Program> programs;  ///< those of Python
  Told told;
  Marks marks = Marks::wanted;
  std::vector<std::string> patterns;  ///< of --trace
  std::vector<Program> others;        ///< programs that are not Python, where there are patterns
  std::optional<Unavailable> unavailable;
  bool any_came = false;         ///< some process made marks
  bool any_was_foreign = false;  ///< some process made them with another build of the agent
};

/// Why marks that were asked for have not come.
struct Unmarked {
  enum class Cause {
    left_out,
    unavailable,
    other_build,
    obstacle,
    free_threaded,
    no_tool,
    unfit_interpreter,
    unknown_interpreter,
    no_ring,
    never_called,  ///< what is decorated
    undecorable,
    never_reached,   ///< the line that decorates
    nothing_matched  ///< a pattern
  };
  enum class Asked {
    by_decorator,
    by_pattern,
    by_nobody,  ///< as far as is known: functions of C and C++ mark themselves
    in_vain     ///< only by some processes, others' marks came
  };
  enum class Missing { all, some };

  Cause cause = Cause::never_reached;
  Asked asked = Asked::by_decorator;
  std::string place;        ///< "app.py:12" or the pattern; empty if the decorator was not found
  std::string interpreter;  ///< path; empty if unknown, or if there was no Python
  Obstacle obstacle = Obstacle::none;
  Missing missing = Missing::all;
  int error = 0;  ///< errno; with no_ring
  std::optional<Unavailable> unavailable = std::nullopt;
};

/// Nothing where nobody asked and all was there for it: no pattern, and no source named on a command
/// line that uses our `profile`. Reads those sources. Where marks came, only what an agent reported is
/// missing.
std::optional<Unmarked> why_unmarked(const Evidence& evidence);

}  // namespace mprofpp::python
