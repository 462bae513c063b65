#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/record/marks/source_files.hpp"
#include "mprofpp/record/outcome.hpp"
#include "mprofpp/ring/line_table.hpp"

namespace mprofpp::record {

/// Writes the LINE records of a run: reads the tables in which processes count the lines of their functions,
/// and writes the numbers that have changed, about once a second and when a process has ended.
class LineTables {
 public:
  using Identity = ring::LineTableIdentity;

  /// `sink` outlives it.
  explicit LineTables(model::Sink& sink) : sink_(sink) {}

  /// Opens a table that has appeared. Returns false if no descriptor was left, so that the caller must try
  /// again later.
  bool open(const std::string& path);
  /// Returns true if some tables belong to processes not yet identified.
  bool has_unidentified() const;
  std::vector<Identity> unidentified() const;
  /// Connects a table with its process, as the recorder knows it.
  void attach_process(const Identity& identity, const model::ProcessId& process);
  /// Connects the unidentified tables of a process that has exited unseen. Returns false if it has none.
  bool attach_unseen(const model::ProcessId& process);
  bool has(pid_t pid) const { return processes_.contains(pid); }

  /// Adds the memory that the tables use in their processes, as of now.
  void add_memory(std::unordered_map<pid_t, Bytes>& memory);
  /// Returns the largest high-water marks before the resets of the processes that have reset theirs, as of
  /// the last add_memory(). The memory of tables and rings is part of them.
  std::unordered_map<pid_t, Bytes> highest() const;

  /// Writes the numbers that have changed, if it is time for it.
  void write_due(Instant now);
  /// Writes the numbers of a program that has ended, and removes its tables: those of the process that were
  /// made until `last` (CLOCK_MONOTONIC, nanoseconds).
  void program_ended(pid_t pid, std::uint64_t last);
  /// Writes the numbers of a process and removes its tables.
  void process_ended(pid_t pid);
  /// Writes the numbers of all identified processes.
  void finish();

  /// Returns what was counted. `patterns` are those of the functions whose lines were to be counted.
  LineOutcome outcome(const std::vector<std::string>& patterns) const;

 private:
  struct Source {
    ring::LineTable table;
    ring::LineTableState state = {};
    std::optional<pid_t> pid = {};
  };
  using Sources = std::map<Identity, Source>;
  /// The function's numbers that the recording has.
  struct Written {
    SourceFile source;
    std::optional<ring::CallNumbers> calls;
    std::map<std::uint32_t, ring::LineNumbers> lines;
  };
  using Functions = std::map<ring::FunctionKey, ring::CountedFunction>;
  struct Process {
    std::uint64_t start = 0;  ///< clock ticks since boot
    std::string folder;       ///< the working directory when its first table appeared
    Functions earlier;        ///< the sums of programs that another one has replaced by exec
    std::map<ring::FunctionKey, Written> written;
  };

  bool is_followed(Sources::const_iterator source) const;
  void end_followed();
  Sources::iterator end(Sources::iterator source);
  void write(Source& source);
  void write(pid_t pid, const ring::CountedFunction& function);
  SourceFile source_of(pid_t pid, const ring::FunctionKey& key);
  void note_names(const ring::LineTableContent& content);
  void note_loads(pid_t pid, const ring::LineTableContent& content);

  model::Sink& sink_;
  Sources sources_;
  std::unordered_map<pid_t, Process> processes_;
  SourceFiles files_;
  /// The start of the first process that has had the function. Others may have got its code from that one by
  /// fork.
  std::map<ring::FunctionKey, std::uint64_t> first_starts_;
  Instant next_writing_;
  std::set<std::string> counted_names_;  ///< functions whose lines were counted
  std::set<std::string> other_names_;    ///< other functions that have run
  std::uint32_t facts_ = 0;
  bool any_was_called_ = false;
};

}  // namespace mprofpp::record
