#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/process_id.hpp"

/// The records of a recording, one struct per kind, as they stand in the file. Plain values: no I/O,
/// no clock. Memory is in MiB and kept as the file has it, which is a double: a recording made
/// elsewhere may hold negative or missing (NaN) values, and what is read must be what was written.
namespace mprofpp::model {

/// `key=value` behind a sample: another metric of the same processes, read at the same tick.
struct Reading {
  std::string metric;  ///< pss, swap, …
  double mib = 0;

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// MEM: the root, or with children the whole tree.
struct Sample {
  double mib = 0;
  Instant t;
  std::vector<Reading> others = {};  ///< what was read at this tick beside the main metric

  friend bool operator==(const Sample&, const Sample&) = default;
};

/// CHLD: one descendant. The pid means the last Process seen with it.
struct ChildSample {
  pid_t pid = 0;
  double mib = 0;
  Instant t;
  std::vector<Reading> others = {};

  friend bool operator==(const ChildSample&, const ChildSample&) = default;
};

/// CMDLINE: the command, for people to read.
struct CommandLine {
  std::string text;

  friend bool operator==(const CommandLine&, const CommandLine&) = default;
};

/// META: a setting of the recording; the words of the value are kept apart (argv has many).
struct Meta {
  std::string key;
  std::vector<std::string> values;

  friend bool operator==(const Meta&, const Meta&) = default;
};

/// PROC: a process was seen for the first time, or its name or command line has changed.
struct Process {
  ProcessId id;
  pid_t parent = 0;
  Instant t;
  std::string name;     ///< the kernel's 15 characters
  std::string command;  ///< the whole command line, words joined by blanks; empty if unknown

  friend bool operator==(const Process&, const Process&) = default;
};

/// FUNC: one finished call. Fields after the level are ours; a file of mprof 0.61 has none of them,
/// an older one has no level either.
struct Call {
  std::string name;
  double mib_in = 0;  ///< the MEM line's value at that time
  Instant t_in;
  double mib_out = 0;
  Instant t_out;
  std::optional<int> level;       ///< 0 is outermost; counts within the lane
  pid_t pid = 0;                  ///< 0 if unknown
  std::string lane;               ///< t<tid>, t<tid>.g<greenlet>, t<tid>.k<task>; empty if unknown
  std::optional<double> rss_in;   ///< MiB, the process's own
  std::optional<double> rss_out;  ///< MiB, the process's own
  std::string flags;              ///< comma list: open, raised, reused, active=<s>; empty for none

  friend bool operator==(const Call&, const Call&) = default;
};

/// OPEN: a call that had not ended after a second; a FUNC line may follow.
struct OpenCall {
  Instant t_in;
  pid_t pid = 0;
  std::string lane;
  int level = 0;
  std::optional<double> rss_in;  ///< MiB
  std::string name;

  friend bool operator==(const OpenCall&, const OpenCall&) = default;
};

/// CALLS: many short calls of one function as one line.
struct CallGroup {
  std::string name;
  pid_t pid = 0;
  std::string lane;
  int level = 0;
  Instant t_from;
  Instant t_to;
  std::uint64_t count = 0;
  double seconds = 0;             ///< spent in all of them together
  std::optional<double> rss_min;  ///< MiB
  std::optional<double> rss_max;  ///< MiB
  std::optional<double> growth;   ///< MiB, what all of them together added

  friend bool operator==(const CallGroup&, const CallGroup&) = default;
};

/// MARK: a point in time with a name.
struct PointMark {
  Instant t;
  pid_t pid = 0;
  std::string text;

  friend bool operator==(const PointMark&, const PointMark&) = default;
};

/// EXIT: a process of the tree has ended.
struct Exit {
  pid_t pid = 0;
  Instant t;
  std::optional<int> status;  ///< as a shell has it: 128 + n after signal n; none if unknown

  friend bool operator==(const Exit&, const Exit&) = default;
};

/// PEAK: the kernel's own high-water mark of a process; the last one wins.
struct KernelPeak {
  enum class Source {
    hwm,      ///< VmHWM of /proc/PID/status: this process since its last exec
    rusage,   ///< ru_maxrss of a process that never had a child
    tree_max  ///< ru_maxrss that covers waited-for descendants: the largest single process
  };

  pid_t pid = 0;
  double mib = 0;
  Source source = Source::hwm;
  std::optional<double> vms = {};  ///< MiB, the high-water mark of its address space

  friend bool operator==(const KernelPeak&, const KernelPeak&) = default;
};

/// As the file and our reports have it.
constexpr std::string_view name_of(KernelPeak::Source source) {
  switch (source) {
    case KernelPeak::Source::rusage:
      return "rusage";
    case KernelPeak::Source::tree_max:
      return "tree-max";
    case KernelPeak::Source::hwm:
      break;
  }
  return "hwm";
}

/// LOST: what the recorder could not see.
struct Lost {
  Instant t;
  std::string what;  ///< ticks, marks, processes
  std::uint64_t count = 0;

  friend bool operator==(const Lost&, const Lost&) = default;
};

/// LOST t suspended: the machine slept, or the recorder was stopped, for that long until then.
struct Suspended {
  Instant t;
  Duration length{};

  friend bool operator==(const Suspended&, const Suspended&) = default;
};

/// END: the recorder finished in good order; absent when it was killed.
struct End {
  Instant t;
  std::string why;
  std::uint64_t samples = 0;
  double peak_mib = 0;  ///< the largest MEM value
  Instant t_peak;

  friend bool operator==(const End&, const End&) = default;
};

/// A line that could not be read. The reader goes on behind it.
struct Damage {
  std::uint64_t line = 0;  ///< counted from 1
  std::string reason;

  friend bool operator==(const Damage&, const Damage&) = default;
};

}  // namespace mprofpp::model
