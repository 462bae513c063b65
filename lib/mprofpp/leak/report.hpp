#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/call_cause.hpp"
#include "mprofpp/leak/finding.hpp"
#include "mprofpp/leak/judgement.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::leak {

/// A process that was judged alone: it was seen for at least 40 % of the recording, with 12 samples or more.
struct JudgedProcess {
  model::ProcessId id;
  std::string name;  ///< its last title; empty if unknown
  Judgement judgement;
};

/// Why a whole tree grows if none of its processes leaks.
enum class TreeGrowth {
  number,  ///< there are more and more processes
  each,    ///< each process keeps a little
};

/// Workers that are replaced by others of the same name.
struct ReplacedWorkers {
  std::string name;
  std::size_t lives = 0;    ///< that ended within the recording
  std::size_t leaking = 0;  ///< lives that are leaks
  double mib_per_hour = 0;  ///< median of the leaking ones
};

/// When memory that grows at the rate of the leak reaches a limit.
struct LimitReached {
  enum class Of {
    limit,  ///< one that was recorded or asked for
    host_memory,
  };

  Of of = Of::host_memory;
  double mib = 0;
  double hours = 0;  ///< from the end of the recording; 0 if the memory is above it already
};

/// The judgement of a recording in one metric.
struct MetricJudgement {
  model::Metric metric = model::Metric::rss;
  Judgement judgement;                 ///< of what decides: a process or the whole tree
  std::optional<std::size_t> process;  ///< the index of the process that decides; none: the tree
  std::optional<TreeGrowth> growth;    ///< of a tree that leaks
  Judgement total;                     ///< of the MEM line
  std::vector<JudgedProcess> processes;
};

/// How much was judged.
struct Extent {
  Duration length{};
  bool is_window = false;  ///< a part of a recording
};

/// Does a recording leak, how fast, in which process and in which function?
struct LeakReport {
  /// By the metrics that were recorded; the first one decides. Without a sample it is empty.
  std::vector<MetricJudgement> metrics;
  Instant start;                  ///< of the recording
  Instant first;                  ///< the first sample that was judged
  Instant last;                   ///< the last one
  bool is_window = false;         ///< only a part of the recording was judged
  bool has_asked_process = true;  ///< false if it was not seen for long enough
  std::size_t samples = 0;        ///< of the MEM line
  std::size_t out_of_order = 0;   ///< samples that were skipped because the clock had been set back
  double longest_gap = 0;         ///< seconds, between two samples of the MEM line
  std::optional<LimitReached> limit;  ///< of a leak
  CallCause calls;                    ///< of a leak: the function
  std::vector<Finding> findings;
  std::optional<ReplacedWorkers> replaced;
  analysis::Losses losses;
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage;

  /// Returns what decides. Call only if there is a sample.
  const MetricJudgement& deciding() const { return metrics.front(); }
  Verdict verdict() const { return deciding().judgement.verdict; }
  /// Returns the process that decides; null if it is the whole tree. Call only if there is a sample.
  const JudgedProcess* process() const {
    const auto& index = deciding().process;
    return index ? &deciding().processes[*index] : nullptr;
  }
  Duration length() const { return last - first; }
  Extent extent() const { return {length(), is_window}; }
};

}  // namespace mprofpp::leak
