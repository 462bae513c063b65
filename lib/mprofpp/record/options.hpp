#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/base/selection.hpp"
#include "mprofpp/launch/target.hpp"
#include "mprofpp/mark/grouping.hpp"
#include "mprofpp/model/settings.hpp"
#include "mprofpp/store/writer.hpp"

namespace mprofpp::record {

/// How descendants of the roots are recorded.
using model::Children;

/// A program that the recorder starts.
struct Launch {
  launch::Program program;
  launch::StartState start_state;
};

/// Processes that are already running. They are only observed: not traced, and nothing in them is
/// changed.
struct Attach {
  std::vector<pid_t> pids;  ///< at least one
};

/// The fate of the program when the timeout is reached.
enum class AtTimeout {
  leave,     ///< only the recording ends, the program keeps running
  terminate  ///< the program gets SIGTERM, and SIGKILL five seconds later
};

/// When the recording of a launched program ends.
enum class Until {
  root_ends,  ///< when the root exits; descendants that outlive it are left alone
  tree_ends   ///< when the last descendant has exited
};

/// Whether a process may use one reading of its memory for several marks.
enum class MarkReadings {
  reused,  ///< a reading that is less than 10 µs old is used again, and flagged
  exact    ///< each mark has a reading of its own
};

/// How the memory that lines of Python functions add is counted: of functions that are decorated with
/// `profile`, and of those that match a pattern.
struct LineOptions {
  std::vector<std::string> patterns;  ///< shell patterns for module.qualname
  MarkReadings readings = MarkReadings::exact;
  bool with_peaks = false;                ///< also the largest memory within each line
  bool replaces_memory_profiler = false;  ///< its `profile` is ours even if it is installed
};

/// Whether code may be run in the program from outside.
enum class ConsoleUse { refused, allowed };

/// How the program and its descendants report their marks.
struct MarkOptions {
  std::string agent;  ///< path of libmprofpp-agent.so, which is loaded into all of them
  /// Folders in which the folder for their rings may be created, the best one first.
  std::vector<std::string> places;
  MarkReadings readings = MarkReadings::reused;
  Selection selection;  ///< which instrumented functions are recorded
  mark::GroupingRule grouping;
  std::optional<LineOptions> lines;  ///< empty: lines are not counted
  ConsoleUse console = ConsoleUse::refused;
};

/// How the objects of Python processes are counted.
struct ObjectOptions {
  Duration interval{};   ///< from one census to the next
  Duration max_pause{};  ///< a program is not stopped for longer
  std::string agent;     ///< path of the library that programs load that do not have ours
};

/// Whether titles that processes give themselves are recorded as spans.
enum class Titles { left_out, recorded };

/// Everything that the user can choose about a recording.
struct Options {
  std::variant<Launch, Attach> target;
  model::Metric metric = model::Metric::rss;
  /// Further metrics, which are recorded as often as the reading budget allows.
  std::vector<model::Metric> metrics;
  Children children = Children::left_out;
  Duration interval = std::chrono::milliseconds(100);
  Titles titles = Titles::left_out;
  /// The size of the recording from which it is sparse (see store::SparseLines). 0: from the start; not set:
  /// never. A small one has a line for every tick, for scripts that average lines.
  std::optional<Bytes> sparse_from = Bytes::from_mebibytes(16);
  Bytes min_change;                 ///< a sparse recording may leave out smaller changes
  std::optional<Bytes> max_size;    ///< the interval grows at each multiple of it (see Pace)
  std::optional<Duration> timeout;  ///< when the recording ends (see AtTimeout)
  AtTimeout at_timeout = AtTimeout::leave;
  Until until = Until::root_ends;
  std::optional<MarkOptions> marks;      ///< empty: no marks are recorded
  std::optional<ObjectOptions> objects;  ///< empty: objects are not counted
  std::string version;                   ///< the version of mprofpp, for the file header
  store::Overwrite overwrite = store::Overwrite::no;
  /// Returns the recording's name once the (first) pid is known. Called again with the next `attempt` if
  /// a file of that name exists.
  std::function<Result<std::string>(pid_t pid, int attempt)> name;
  /// An open descriptor to which the recording is written instead of a file of that name.
  std::optional<int> descriptor;
  /// How many names may be tried.
  int name_attempts = 1;
};

}  // namespace mprofpp::record
