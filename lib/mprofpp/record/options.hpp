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
#include "mprofpp/proc/metric.hpp"
#include "mprofpp/python/unmarked.hpp"
#include "mprofpp/store/writer.hpp"

namespace mprofpp::record {

enum class Children {
  left_out,  ///< only the root is recorded
  summed,    ///< MEM is the whole tree (-C)
  apart,     ///< MEM is the root, each descendant has its own line (-M)
  summed_and_apart,
};

constexpr bool sums(Children c) {
  return c == Children::summed || c == Children::summed_and_apart;
}
constexpr bool lists(Children c) {
  return c == Children::apart || c == Children::summed_and_apart;
}

/// A program that the recorder starts.
struct Launch {
  launch::Program program;
  launch::Surroundings surroundings;
};

/// Processes that run already. They are only looked at: no ptrace, nothing of theirs is changed.
struct Attach {
  std::vector<pid_t> pids;  ///< at least one
};

/// What becomes of the program when the time is up.
enum class AtTimeout {
  leave,     ///< it goes on without us
  terminate  ///< SIGTERM, and SIGKILL five seconds later
};

enum class Until {
  root_ends,  ///< descendants that outlive it are left alone
  tree_ends   ///< recorded to the last one
};

/// Whether a process may use a reading of its memory for several marks.
enum class MarkReadings {
  reused,  ///< one that is less than 10 µs old, which is flagged
  exact
};

/// How the program and its descendants tell of their marks.
struct MarkOptions {
  std::string agent;  ///< path of libmprofpp-agent.so, which is loaded into all of them
  std::vector<std::string> places;  ///< where a folder for their rings may be made, the best first
  MarkReadings readings = MarkReadings::reused;
  Selection selection;  ///< of instrumented functions
  mark::GroupingRule grouping;
};

/// What to record and how.
struct Options {
  std::variant<Launch, Attach> target;
  proc::Metric metric = proc::Metric::rss;
  std::vector<proc::Metric> metrics;  ///< recorded beside it, as often as can be afforded
  Children children = Children::left_out;
  Duration interval = std::chrono::milliseconds(100);
  std::optional<Bytes> max_size;    ///< at each multiple of it the interval gets longer (see Pace)
  std::optional<Duration> timeout;  ///< the recording, or the program for it, ends then
  AtTimeout at_timeout = AtTimeout::leave;
  Until until = Until::root_ends;
  std::optional<MarkOptions> marks;  ///< nothing: no marks
  std::string version;               ///< ours, for the heading
  store::Overwrite overwrite = store::Overwrite::no;
  /// Names the recording once the (first) pid is known; called again when a default name is taken.
  std::function<Result<std::string>(pid_t pid, int attempt)> name;
  /// How many names may be tried.
  int name_attempts = 1;
  /// Told when the recording had to end early (a full disk); the program goes on.
  std::function<void(const Error&)> on_stopped;
  /// Told when the program may not be sent a signal: it has become another user's.
  std::function<void(const Error&)> on_unheard;
  /// Told at the end when there is no recording any more: somebody has removed the file.
  std::function<void(const Error&)> on_removed;
  /// Told when the recording has reached that size and goes on with a longer interval.
  std::function<void(Bytes size, Duration interval)> on_slowed_down;
};

/// Why nothing was recorded.
struct NotRecorded {
  enum class Cause { recorder, program_not_found, program_not_executable };
  Cause cause;
  Error error;
};

/// A descendant that outlived the root and was left alone.
struct Survivor {
  pid_t pid = 0;
  std::string name;
};

/// How often all processes were read, how far apart, and what it took each time, on average.
struct ReadingCost {
  std::uint64_t rounds = 0;
  Duration gap{};
  Duration each{};
  std::optional<Duration> too_much;  ///< what a reading would take that no tick has time for
  bool refused = false;              ///< the kernel did not let us read some process
};

/// Of metrics that are recorded beside the main one and that one reading tells.
struct MetricCost {
  std::vector<proc::Metric> metrics;
  ReadingCost cost;
};

/// What the processes of a tree share: its PSS, and the sum of RSS at the same time.
struct Sharing {
  Bytes pss;
  Bytes rss_sum;
  Duration at{};
};

/// How a recording came to its end.
enum class End {
  ended,       ///< what was recorded has ended
  timed_out,   ///< the time was up
  interrupted  ///< somebody told the recorder to stop, where no program of ours was to be told
};

/// What the samples of the main metric came to.
struct Figures {
  Bytes peak;
  Duration peak_at{};
  Bytes mean;
  Bytes last;
};

/// What came of it.
struct Outcome {
  End end = End::ended;
  int status = 0;  ///< the program's, as a shell has it; 0 where it still runs or was attached
  std::string path;
  Duration duration{};
  std::uint64_t samples = 0;
  Duration interval{};      ///< at the end: a limited size makes it longer
  std::uint64_t ticks = 0;  ///< that were kept
  std::uint64_t missed_ticks = 0;
  Duration suspended{};                ///< the machine slept or the recorder was stopped
  std::uint64_t lost_marks = 0;        ///< that came too fast, or were not whole at a process's end
  std::uint64_t unseen_processes = 0;  ///< an upper bound (see proc::Tree)
  std::optional<Figures> figures;      ///< nothing if there is no sample
  std::optional<Bytes> kernel_peak;    ///< of what MEM measures; nothing for a tree of several
  Bytes largest_process;  ///< of a tree whose sum MEM is: one process had that much; else 0
  std::vector<MetricCost> metric_costs;
  std::optional<Sharing> sharing;  ///< of a tree of several, where it was highest
  Bytes children_peak;             ///< of all descendants together when they were left out
  std::vector<Survivor> survivors;
  std::optional<python::Unmarked> unmarked;  ///< marks that were wanted are missing
  /// "3.16": versions of CPython that made marks and that mprofpp was never tested with.
  std::vector<std::string> newer_pythons;
  bool refused = false;          ///< the kernel did not show us the memory of some process
  std::optional<Error> stopped;  ///< the recording ended before the program, or is lost
};

}  // namespace mprofpp::record
