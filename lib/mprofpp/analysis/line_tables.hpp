#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The memory that the executions of a line have added.
struct LineRow {
  int line = 0;             ///< counted from 1
  std::uint64_t count = 0;  ///< executions; calls in the first row
  std::optional<double>
      max_mib;               ///< the largest memory after an execution; empty if none has ended
  double increment_mib = 0;  ///< the sum of the growth; in the first row the memory at the start
  std::optional<double> peak_mib;  ///< the largest memory during an execution
  std::optional<double> seconds;   ///< calls of other functions included
};

/// The lines of a function.
struct LineTable {
  std::string function;  ///< module.qualname
  std::string file;
  int first_line = 0;
  model::LineCalls calls;  ///< counts are sums; the precision and the hash are the first that were
      ///< recorded, and the hash is unknown_source_hash if that of a process is
  std::uint64_t processes = 0;              ///< how many processes have run the function
  std::optional<pid_t> pid;                 ///< only of a table per process
  std::optional<std::string> process_name;  ///< only of a table per process, if it is known
  /// The row of the function's first line, which stands for its calls: `max_mib` is the largest memory at the
  /// start of a call, and `increment_mib` the memory at the start of the first.
  LineRow first_row;
  std::vector<LineRow> rows;    ///< sorted by line, without the first
  bool source_differs = false;  ///< true if the processes have run different sources
};

/// Whether the tables of a function in several processes become one.
enum class LineGrouping { merged, per_process };

/// Collects the tables of the functions whose lines were counted.
class LineTablesFold : public model::Sink {
 public:
  using model::Sink::take;
  void take(const model::Process& process) override;
  void take(const model::Line& line) override;

  /// Returns the tables so far, in the order in which the functions first appeared. In merged tables, counts,
  /// increments and times are sums over the processes, the other values the largest; the increment of the
  /// first row is that of the first process.
  std::vector<LineTable> tables(LineGrouping grouping) const;

 private:
  using Key = std::tuple<std::string, std::string, int>;  ///< name, file and first line
  /// Two processes may have the same pid one after the other.
  struct ProcessEntry {
    pid_t pid = 0;
    std::optional<std::uint64_t> start;
    std::string name;
  };
  /// The last records of the lines of a function in one process.
  struct Part {
    std::size_t process = 0;
    std::optional<LineRow> first_row;
    std::optional<model::LineCalls> calls;
    std::map<int, LineRow> rows;
  };
  struct Function {
    Key key;
    std::vector<Part> parts;  ///< in the order in which the processes appeared
    std::unordered_map<std::size_t, std::size_t> part_of_process = {};  ///< indices into parts
  };

  std::size_t process_of(pid_t pid);
  Function& function_of(const model::Line& line);
  static Part& part_of(Function& function, std::size_t process);
  static LineTable empty_table(const Function& function);
  static LineTable merged_table(const Function& function);
  LineTable process_table(const Function& function, const Part& part) const;
  static void add(const Part& part, LineTable& table);

  std::vector<ProcessEntry> processes_;
  std::unordered_map<pid_t, std::size_t> newest_;  ///< the last process that had the pid
  std::map<Key, std::size_t> numbers_;             ///< indices into functions_
  std::vector<Function> functions_;
};

}  // namespace mprofpp::analysis
