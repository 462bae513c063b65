#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "mprofpp/inspect/census.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::record {

/// Writes censuses into the recording: OBJ lines of the types that matter, where their numbers have changed.
class ObjectLines {
 public:
  /// A type has lines once it is among the largest, by bytes or by number, or among those that have grown
  /// most since the first census.
  struct Limits {
    std::size_t largest = 200;
    std::size_t growing = 50;
  };

  explicit ObjectLines(model::Sink& sink) : ObjectLines(sink, Limits{}) {}
  ObjectLines(model::Sink& sink, Limits limits) : sink_(sink), limits_(limits) {}

  void add(const model::ProcessId& id, Instant t, const inspect::Census& census);
  /// Forgets a process that has ended.
  void forget(pid_t pid) { processes_.erase(pid); }

 private:
  struct Amount {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;

    friend bool operator==(const Amount&, const Amount&) = default;
  };
  /// A census by the names of types: types with the same name are one.
  struct Counted {
    Instant t;
    std::unordered_map<std::string, Amount> types;

    Amount of(const std::string& type) const;
  };
  struct Process {
    std::uint64_t start = 0;
    std::optional<Counted> first = {};
    std::optional<Counted> last = {};
    std::set<std::string> recorded = {};  ///< the types that have lines
  };

  static Counted counted(Instant t, const inspect::Census& census);
  std::set<std::string> types_that_matter(const Process& process, const Counted& now) const;
  void write(pid_t pid, Instant t, const std::string& type, const Amount& amount) const;
  void write_history(pid_t pid, const Process& process, const std::string& type) const;

  model::Sink& sink_;
  Limits limits_;
  std::map<pid_t, Process> processes_;
};

}  // namespace mprofpp::record
