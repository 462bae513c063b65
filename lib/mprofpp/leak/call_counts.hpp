#pragma once

#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::leak {

/// Amounts over time. The time is divided into cells of equal length, and an amount is spread evenly over the
/// cells that it belongs to. Cells before the first amount and after the last one take no memory.
class Cells {
 public:
  void add(double from, double to, double amount);  ///< in cells since the origin; from <= to
  /// Returns the sum of what belongs to the time before `cell`; a part of a cell has a part of its amount.
  double until(double cell) const { return until(std::vector{cell}).front(); }
  /// Returns the same for several points, which ascend.
  std::vector<double> until(const std::vector<double>& points) const;
  void halve();  ///< makes cells twice as long

 private:
  void include(std::size_t cell);

  std::size_t first_ = 0;  ///< the cell of the first amount
  std::vector<float> amounts_;
};

/// The calls of each process over time: how many calls of each function had ended, and how much they
/// overlapped. The cells get longer with the recording and the number of functions, so the memory is bounded.
class CallCounts {
 public:
  void take(const model::Settings& settings) { late_names_.take(settings); }
  void take(const model::Call& call);
  void take(const model::CallGroup& group);
  /// Forgets the calls of a process: its pid belongs to another one from now on, or it was too short.
  void forget(pid_t pid);

  /// Returns the only process with calls; nothing if there are several.
  std::optional<pid_t> only_process() const;

  struct Function {
    std::string name;
    std::vector<double> ended;  ///< the number of calls that had ended at each time
    bool is_outermost = false;  ///< some calls were not within another marked one
  };
  /// Returns the functions of a process that were called between the first and the last of the times, which
  /// are in seconds since the epoch and ascend.
  std::vector<Function> functions(pid_t pid, const std::vector<double>& times) const;
  /// Returns what outermost calls that ended between two times added, in MiB, as they were read.
  double growth(pid_t pid, double from, double to) const;
  /// Returns the part of the time of calls in which one of another thread or task of the process ran.
  double overlap(pid_t pid, double from, double to) const;
  /// Returns true if calls within outermost ones took more time than those. Then outermost calls were still
  /// running, and what they added is not known.
  bool are_outermost_open(pid_t pid, double from, double to) const;

 private:
  struct Counts {
    Cells ended;
    bool is_outermost = false;
  };
  /// A call, or a group of them that took a part of its time.
  struct Interval {
    Instant from;
    Instant to;
    double density = 1;
    model::LaneId lane;
  };
  struct Process {
    std::map<std::string, Counts> functions;
    Cells growth;     ///< MiB, of outermost calls
    Cells outermost;  ///< seconds of outermost calls
    Cells inner;      ///< seconds of calls directly within them
    Cells shared;     ///< seconds of both in which one of another lane ran
    std::deque<Interval> recent;
  };
  /// A call or a group, as far as the counts need it.
  struct Ended {
    const std::string& name;
    pid_t pid;
    int level;
    Interval time;
    double first_end;  ///< cells: of a group, whose calls end all the time
    double last_end;
    double count;
    double growth;
  };

  void add(const Ended& ended);
  void add_time(Process& process, const Ended& ended);
  double cell_at(Instant t);
  double cell_at(double seconds) const;
  double between(const Cells& cells, double from, double to) const;
  void coarsen();

  analysis::LateNames late_names_;
  std::map<pid_t, Process> processes_;
  std::size_t functions_ = 0;  // of all processes
  std::optional<Instant> origin_;
  double cell_ = 0.001;  // seconds
  std::size_t most_cells_ = 4096;
};

}  // namespace mprofpp::leak
