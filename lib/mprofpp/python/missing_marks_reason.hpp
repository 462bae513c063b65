#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/python/obstacle.hpp"

namespace mprofpp::python {

/// A program that was seen in the tree.
struct Program {
  std::string interpreter;  ///< path of its executable
  std::string folder;       ///< its working directory
  std::vector<std::string> argv;
  Obstacle obstacle = Obstacle::none;
};

/// The reports of agents about marks that they prepared or could not make.
struct AgentReports {
  std::optional<int> no_ring;       ///< the errno, if a ring could not be created
  bool decorated = false;           ///< calls of some function are watched
  bool undecorable = false;         ///< something was decorated whose calls cannot be watched
  std::vector<std::string> copied;  ///< names of code that has copies which are not marked
  bool unknown = false;             ///< the agent does not know this interpreter
  // reported only if functions were to be marked:
  bool free_threaded = false;  ///< the interpreter has no global lock
  bool no_tool = false;        ///< the program uses all tools of sys.monitoring
  bool unfit = false;          ///< the interpreter does not report calls as the agent expects
};

/// Whether the user wants marks at all.
enum class Marks { wanted, left_out };

/// The reason why no program of a run could make marks.
struct Unavailable {
  enum class Part {
    agent,  ///< the library could not be loaded; programs ran as without a recorder
    folder  ///< the folder for rings could not be created; Python's `profile` existed but did nothing
  };

  Part part;
  Error error;
};

/// The known facts about missing marks of a run.
struct Evidence {
  std::vector<Program> programs;  ///< the Python programs
  AgentReports reports;
  Marks marks = Marks::wanted;
  std::vector<std::string> patterns;    ///< the patterns of --trace
  std::vector<Program> other_programs;  ///< not Python; only if there are patterns
  std::optional<Unavailable> unavailable;
  bool has_own_marks = false;     ///< some process made marks
  bool has_foreign_ring = false;  ///< some process made marks with another build of the agent
};

/// The reason why requested marks are missing.
struct MissingMarksReason {
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
    copied,          ///< a decorated function has the same code as functions that are not marked
    never_called,    ///< no decorated function was called
    undecorable,     ///< the decorated object is not a function
    never_reached,   ///< the line with the decorator was not executed
    nothing_matched  ///< no called function matched the pattern
  };
  /// How the marks were requested.
  enum class Request {
    by_decorator,
    by_pattern,
    none,              ///< as far as is known: functions of C and C++ mark themselves
    by_some_processes  ///< the marks of other processes have arrived
  };
  enum class Missing { all, some };

  Cause cause = Cause::never_reached;
  Request request = Request::by_decorator;
  std::string place;        ///< "app.py:12" or the pattern; empty if the decorator was not found
  std::string interpreter;  ///< path; empty if unknown, or if there was no Python
  Obstacle obstacle = Obstacle::none;
  Missing missing = Missing::all;
  int error = 0;            ///< the errno of Cause::no_ring
  std::string copied = {};  ///< the name of the code of Cause::copied
  std::optional<Unavailable> unavailable = std::nullopt;
};

/// Explains why marks are missing. Returns nothing if none are: marks were available but not requested,
/// neither by a pattern nor by our `profile` in a source that a command line names (these sources are read).
/// If some marks have arrived, only marks that an agent reported as impossible count as missing.
std::optional<MissingMarksReason> why_marks_are_missing(const Evidence& evidence);

}  // namespace mprofpp::python
