#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/lane_id.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/model/process_id.hpp"

/// The records of a recording, one struct per kind. They are plain values: no I/O, no clock. Memory
/// is stored as it is in the file, as a double in MiB: a recording of another program may contain
/// negative or missing (NaN) values, and the values that are read must be those that were written.
namespace mprofpp::model {

/// `key=value` after a sample: another metric of the same processes, read at the same tick.
struct Reading {
  Metric metric = Metric::rss;
  double mib = 0;

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// MEM: the memory of the root or, with children, of the whole tree.
struct Sample {
  double mib = 0;
  Instant t;
  std::vector<Reading> extra_readings = {};  ///< other metrics that were read at this tick
  /// In a sparse recording: the number of ticks since the previous MEM line, this one included. Those before
  /// this one have no lines, because nothing changed. 0: every process that was read at this tick has its
  /// line. Not set in a dense recording, where every tick has all lines.
  std::optional<std::uint64_t> ticks = {};

  friend bool operator==(const Sample&, const Sample&) = default;
};

/// CHLD: the memory of one descendant. The pid is that of the last Process with it.
struct ChildSample {
  pid_t pid = 0;
  double mib = 0;
  Instant t;
  std::vector<Reading> extra_readings = {};

  friend bool operator==(const ChildSample&, const ChildSample&) = default;
};

/// Readings of one series that have no lines, because each repeated the one before. The reader of a sparse
/// recording makes this record; it is never written.
struct Held {
  pid_t pid = 0;  ///< 0: the MEM line
  double mib = 0;
  Instant first;  ///< the readings are spread evenly from the first to the last
  Instant last;
  std::uint64_t ticks = 1;  ///< the number of readings, at least 1
  std::vector<Reading> extra_readings = {};

  /// Returns the readings from `begin` to `end`, both included; nothing if there are none.
  std::optional<Held> within(Instant begin, Instant end) const;

  friend bool operator==(const Held&, const Held&) = default;
};

/// CMDLINE: the command, for people to read.
struct CommandLine {
  std::string text;

  friend bool operator==(const CommandLine&, const CommandLine&) = default;
};

/// PROC: a process was seen for the first time, or its name or command line has changed.
struct Process {
  ProcessId id;
  pid_t parent = 0;
  Instant t;
  std::string name;     ///< as the kernel stores it, at most 15 characters
  std::string command;  ///< the command line, arguments joined by spaces; empty if unknown

  friend bool operator==(const Process&, const Process&) = default;
};

/// Special circumstances of a call.
struct CallFlags {
  bool open = false;    ///< had not ended when its process, its program or the recording did
  bool raised = false;  ///< was left by an exception or a jump
  bool reused = false;  ///< a reading of memory up to 10 µs old was used at its start or its end
  std::optional<double> active_seconds = {};  ///< how long a coroutine or generator ran
  std::optional<double> grown_mib = {};       ///< MiB, the growth of its process while it ran

  friend bool operator==(const CallFlags&, const CallFlags&) = default;
};

/// FUNC: a finished call. The fields after the level are ours: a file of mprof 0.61 has none of
/// them, and an older one does not even have a level.
struct Call {
  std::string name;
  double mib_in = 0;  ///< the value of the MEM line at that time
  Instant t_in;
  double mib_out = 0;
  Instant t_out;
  std::optional<int> level;  ///< 0 is outermost; counts within the lane
  pid_t pid = 0;             ///< 0 if unknown
  LaneId lane;
  std::optional<double> rss_in;   ///< MiB, the process's own
  std::optional<double> rss_out;  ///< MiB, the process's own
  CallFlags flags;

  friend bool operator==(const Call&, const Call&) = default;
};

/// OPEN: a call that was still running after a second; a FUNC line may follow.
struct OpenCall {
  Instant t_in;
  pid_t pid = 0;
  LaneId lane;
  int level = 0;
  std::optional<double> rss_in;  ///< MiB
  std::string name;

  friend bool operator==(const OpenCall&, const OpenCall&) = default;
};

/// CALLS: many short calls of one function, summed up in one line.
struct CallGroup {
  std::string name;
  pid_t pid = 0;
  LaneId lane;
  int level = 0;
  Instant t_from;
  Instant t_to;
  std::uint64_t count = 0;
  double seconds = 0;             ///< total time of these calls
  std::optional<double> rss_min;  ///< MiB
  std::optional<double> rss_max;  ///< MiB
  std::optional<double> growth;   ///< MiB, the total that these calls added

  friend bool operator==(const CallGroup&, const CallGroup&) = default;
};

/// Facts about the calls of a function whose lines were counted.
struct LineCalls {
  std::uint64_t open = 0;             ///< calls that had not ended
  std::uint64_t shared = 0;           ///< calls during which other threads ran
  std::uint64_t interleaved = 0;      ///< calls during which other greenlets took turns with them
  std::optional<int> precision = {};  ///< decimals that the decorator asked for
  std::optional<std::uint64_t> source_hash = {};  ///< of the source file when the function ran

  friend bool operator==(const LineCalls&, const LineCalls&) = default;
};

/// LINE: what the executions of one line of a Python function have added so far. The numbers are totals of
/// one process: the last record of a line counts. The record of the function's first line is for its calls:
/// `count` calls, the largest memory at the start of one, and as increment the memory at the start of the
/// first.
struct Line {
  pid_t pid = 0;
  std::string function;  ///< module.qualname
  std::string file;
  int first_line = 0;  ///< of the function, counted from 1
  int line = 0;
  std::uint64_t count = 0;  ///< executions
  std::optional<double>
      max_mib;               ///< the largest memory after an execution; empty if none has ended
  double increment_mib = 0;  ///< the sum of the growth during the executions
  std::optional<double> peak_mib = {};  ///< the largest memory during an execution
  std::optional<double> seconds = {};   ///< calls of other functions included
  std::optional<LineCalls> calls = {};  ///< only of the first line

  friend bool operator==(const Line&, const Line&) = default;
};

/// OBJ: the objects of one type that a Python process had when they were counted. A census has a record for
/// all objects together, and then those of the types whose numbers have changed since the last one.
struct ObjectCount {
  Instant t;
  pid_t pid = 0;
  std::string type;         ///< module.qualname; empty: all types together
  std::uint64_t count = 0;  ///< 0: there are no more
  std::uint64_t bytes = 0;  ///< as sys.getsizeof has it, without the objects that they refer to

  friend bool operator==(const ObjectCount&, const ObjectCount&) = default;
};

/// MARK: a named point in time.
struct PointMark {
  Instant t;
  pid_t pid = 0;
  std::string text;

  friend bool operator==(const PointMark&, const PointMark&) = default;
};

/// TITLE: a process has changed its own command line.
struct Title {
  pid_t pid = 0;
  Instant t;
  std::string text;

  friend bool operator==(const Title&, const Title&) = default;
};

/// EXIT: a process of the tree has ended.
struct Exit {
  pid_t pid = 0;
  Instant t;
  std::optional<int> status;  ///< as a shell reports it: 128 + n after signal n; none if unknown

  friend bool operator==(const Exit&, const Exit&) = default;
};

/// PEAK: the kernel's own high-water mark of a process; the last record counts.
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

/// Returns the name that the file and our reports use.
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

/// A kind of thing that the recorder could not see.
enum class Loss {
  ticks,  ///< ticks that were due but did not take place
  /// Marks that came faster than they could be read, or were not complete when their process was killed.
  marks,
  processes,  ///< processes that started and exited between two ticks; an upper bound
  censuses    ///< times at which the objects of a process could not be counted
};

/// LOST: something that the recorder could not see.
struct Lost {
  Instant t;
  Loss what = Loss::ticks;
  std::uint64_t count = 0;

  friend bool operator==(const Lost&, const Lost&) = default;
};

/// LOST t suspended: until `t`, the machine slept or the recorder was stopped for that long.
struct Suspended {
  Instant t;
  Duration length{};

  friend bool operator==(const Suspended&, const Suspended&) = default;
};

/// LIMIT: the memory of a process, or of all of them, crossed a limit. Our recorder does not write it.
struct Limit {
  Instant t;
  std::string what;  ///< the name of the limit
  double mib = 0;    ///< its size
  pid_t pid = 0;     ///< 0: of all processes

  friend bool operator==(const Limit&, const Limit&) = default;
};

/// Why a recorder finished.
enum class EndReason {
  ended,        ///< the recorded processes have exited
  timed_out,    ///< the timeout was reached
  interrupted,  ///< a signal stopped the recorder, which had no running program to pass it on to
  unknown       ///< a reason of a later version
};

/// END: the recorder finished normally; missing if it was killed.
struct End {
  Instant t;
  EndReason reason = EndReason::ended;
  std::uint64_t samples = 0;
  double peak_mib = 0;  ///< the largest MEM value
  Instant t_peak;

  friend bool operator==(const End&, const End&) = default;
};

/// A line that could not be read. The reader continues with the next line.
struct Damage {
  std::uint64_t line = 0;  ///< counted from 1
  std::string reason;

  friend bool operator==(const Damage&, const Damage&) = default;
};

}  // namespace mprofpp::model
