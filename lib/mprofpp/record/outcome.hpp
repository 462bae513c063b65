#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/python/missing_marks_reason.hpp"

namespace mprofpp::record {

/// The reason why nothing was recorded.
struct NotRecorded {
  enum class Cause {
    recorder,  ///< the recorder failed
    file,      ///< the file of the recording could not be created
    program_not_found,
    program_not_executable
  };
  Cause cause;
  Error error;
};

/// A descendant that outlived the root and was left alone.
struct Survivor {
  pid_t pid = 0;
  std::string name;
};

/// The cost of reading all processes in rounds.
struct ReadingCost {
  std::uint64_t rounds = 0;
  Duration gap{};   ///< mean time between two rounds
  Duration each{};  ///< mean cost of a round
  /// The expected cost of a reading that was skipped because no tick has enough time for it.
  std::optional<Duration> too_much;
  bool refused = false;  ///< the kernel did not let us read some process
};

/// The cost of additional metrics that are read together.
struct MetricGroupCost {
  std::vector<model::Metric> metrics;
  ReadingCost cost;
};

/// Shows how much memory the processes of a tree share: its PSS, and the sum of RSS at the same time.
struct Sharing {
  Bytes pss;
  Bytes rss_sum;
  Duration at{};
};

/// The reason why it is unknown how much memory the processes of a tree share.
struct UnknownSharing {
  enum class Cause {
    refused,    ///< the kernel did not let us read some process
    too_large,  ///< no tick has enough time for a reading of some process
    too_late    ///< the tree had that size for too short a time
  };
  Cause cause = Cause::too_late;
  Duration takes{};  ///< the approximate cost of reading that process, or all of them
};

/// A summary of the samples of the main metric.
struct Figures {
  Bytes peak;
  Duration peak_at{};
  Bytes mean;
  Bytes last;
};

/// A pattern that matched no function whose lines were to be counted.
struct UnmatchedPattern {
  std::string pattern;
  std::vector<std::string> nearest;  ///< similar names of functions that have run, the best first
};

/// The result of counting lines.
struct LineOutcome {
  bool any = false;         ///< a function whose lines are counted was called
  bool saw_python = false;  ///< some program was Python
  std::vector<UnmatchedPattern> unmatched;
  /// Why some interpreter could not count lines, if it reported that.
  std::optional<python::MissingMarksReason::Cause> obstacle;
  bool tables_full = false;    ///< some process had no room for some lines
  bool peaks_refused = false;  ///< some process could not measure the largest memory within lines
};

/// The result of counting objects.
struct ObjectOutcome {
  std::uint64_t censuses = 0;  ///< those that were taken
  std::uint64_t lost = 0;      ///< those that could not be taken
  std::optional<Error> first_failure = {};
};

/// The result of a recording, for the summary.
struct Outcome {
  model::EndReason end = model::EndReason::ended;
  int status = 0;  ///< the program's, as a shell reports it; 0 if it still runs or was attached
  std::string path;
  Duration duration{};
  std::uint64_t samples = 0;
  Duration interval{};      ///< at the end: a size limit may have made it longer
  std::uint64_t ticks = 0;  ///< without the missed ones
  std::uint64_t missed_ticks = 0;
  Duration suspended{};  ///< how long the machine slept or the recorder was stopped
  /// Marks that came too fast for the ring, or were incomplete when a process exited.
  std::uint64_t lost_marks = 0;
  std::uint64_t unseen_processes = 0;  ///< an upper bound (see proc::Tree)
  std::optional<Figures> figures;      ///< empty if there is no sample
  /// The kernel's peak of the one process that MEM measures; empty for a tree of several processes.
  std::optional<Bytes> kernel_peak;
  Bytes largest_process;  ///< the peak of the largest process if MEM is the sum of a tree; else 0
  std::vector<MetricGroupCost> metric_costs;
  std::optional<Sharing> sharing;  ///< of a tree of several processes, at its highest sum
  /// Set if PSS was not read near the highest sum of such a tree.
  std::optional<UnknownSharing> unknown_sharing;
  Bytes children_peak;  ///< the highest sum of all descendants
  std::vector<Survivor> survivors;
  std::optional<python::MissingMarksReason>
      missing_marks;                     ///< why requested marks are missing, if they are
  std::optional<LineOutcome> lines;      ///< empty if lines were not to be counted
  std::optional<ObjectOutcome> objects;  ///< empty if objects were not to be counted
  /// Versions of CPython, such as "3.16", that made marks and that mprofpp was not tested with.
  std::vector<std::string> newer_pythons;
  bool refused = false;          ///< the kernel did not show us the memory of some process
  std::optional<Error> stopped;  ///< set if the recording ended before the program, or is lost
};

}  // namespace mprofpp::record
