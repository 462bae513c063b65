#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/metric.hpp"

namespace mprofpp::model {

/// How the descendants of the recorded processes appear in a recording.
enum class Children {
  left_out,          ///< only the roots are recorded
  summed,            ///< MEM is the sum over the whole tree (-C)
  apart,             ///< MEM is the roots alone, each descendant has CHLD lines of its own (-M)
  summed_and_apart,  ///< both (-C -M)
};

constexpr bool sums(Children children) {
  return children == Children::summed || children == Children::summed_and_apart;
}
constexpr bool lists(Children children) {
  return children == Children::apart || children == Children::summed_and_apart;
}

/// The average time of one reading of a metric of all processes.
struct MetricCost {
  Metric metric = Metric::rss;
  Duration each{};

  friend bool operator==(const MetricCost&, const MetricCost&) = default;
};

/// The name of a function that FUNC and CALLS lines name by its address, because reading its symbols would
/// have delayed samples.
struct LateName {
  std::string address;  ///< libx.so+0x1a2b
  std::string name;

  friend bool operator==(const LateName&, const LateName&) = default;
};

/// How the memory that lines of Python functions add was counted.
struct CountedLines {
  bool reused_readings = false;  ///< a reading that is less than 10 µs old was used again
  bool with_peaks = false;       ///< also the largest memory within each line

  friend bool operator==(const CountedLines&, const CountedLines&) = default;
};

/// META: the settings of a recording. A record contains the settings from one place of the file: a
/// writer passes the header as one record, and a reader produces one record per line. An optional
/// without a value, and an empty list, is not set by the record.
struct Settings {
  /// Set by mprofpp only: a file of mprof has no META lines.
  std::optional<int> format = {};
  std::optional<std::string> version = {};  ///< of the recorder
  /// The time between ticks from here on.
  std::optional<Duration> interval = {};
  std::optional<Metric> metric = {};  ///< of MEM and CHLD
  std::vector<Metric> metrics = {};   ///< recorded in addition, as often as possible
  /// The recording is sparse from here on. A line may be left out even if its value differs from the previous
  /// line by up to this amount.
  std::optional<Bytes> sparse = {};
  std::optional<std::string> host = {};
  std::optional<Bytes> host_memory = {};
  std::optional<Bytes> page_size = {};
  std::optional<Instant> start = {};  ///< of the recording
  /// The processes that MEM measures, alone or with their trees.
  std::vector<pid_t> roots = {};
  std::optional<Children> children = {};
  std::vector<std::string> argv = {};  ///< the exact arguments of the command
  /// Number of arguments after `argv` that were too long to store.
  std::optional<std::uint64_t> argv_left_out = {};
  bool without_marks = false;  ///< no process could make marks
  /// No reading of memory was used for two marks.
  bool exact_readings = false;
  bool lists_all_calls = false;  ///< no short calls are grouped
  /// Shorter calls may be grouped; the default if not set.
  std::optional<Duration> shortest_listed_call = {};
  std::vector<std::string> traced = {};    ///< patterns of functions that were marked
  std::vector<std::string> untraced = {};  ///< patterns of functions that were not
  std::optional<CountedLines> lines = {};  ///< set if lines of Python functions were counted
  std::vector<std::string> lines_of = {};  ///< patterns of functions whose lines were counted
  /// The time between two counts of the objects of Python processes; set if they were counted.
  std::optional<Duration> objects = {};
  std::vector<LateName> late_names = {};
  std::vector<MetricCost> metric_costs = {};

  /// Takes over the settings of `later`. Late names and costs add up.
  void update(const Settings& later);

  /// Returns the only root: MEM, or its share of MEM, is the memory of that process. Returns
  /// nothing if several processes were attached to, because MEM is their sum and each has CHLD
  /// lines of its own, or if the file names no root.
  std::optional<pid_t> only_root() const {
    return roots.size() == 1 ? std::optional(roots.front()) : std::nullopt;
  }
  /// Returns true if MEM is the sum over the tree, and false if that is unknown because
  /// the file has no META.
  bool sums_children() const { return children && sums(*children); }
  /// Returns the process whose memory MEM is, if `processes` were recorded: the only root, unless its
  /// children are added. Returns nothing if MEM is the sum of several processes.
  std::optional<pid_t> measured_process(std::size_t processes) const {
    return sums_children() && processes != 1 ? std::nullopt : only_root();
  }

  friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace mprofpp::model
