#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/analysis/root_readings.hpp"
#include "mprofpp/analysis/timed_value.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::leak {

/// A time in which a service has nothing to do.
struct Rest {
  Instant begin;
  Instant end;
};

/// The least memory of one process in each rest.
struct ProcessAtRest {
  model::ProcessId id;
  std::string name;                        ///< its last one, as the kernel stores it
  std::vector<std::optional<double>> mib;  ///< nothing if it was not read then
};

/// Reads a dense recording into the least memory in each rest: of the MEM line and of each process.
class RestFloors : public model::Sink {
 public:
  /// The rests are in the order of time and do not overlap.
  explicit RestFloors(std::vector<Rest> rests);

  using Sink::take;
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Exit& exit) override;
  /// Takes the last reading of the root. Call once, after the last record.
  void finish();

  const std::vector<std::optional<double>>& total() const { return total_; }
  /// Returns the processes in the order of their first records.
  const std::vector<ProcessAtRest>& processes() const { return processes_; }

 private:
  std::optional<std::size_t> rest_at(Instant t) const;
  ProcessAtRest& process_of(pid_t pid);
  void add_root(const std::optional<analysis::TimedValue>& reading);

  std::vector<Rest> rests_;
  std::vector<std::optional<double>> total_;
  std::vector<ProcessAtRest> processes_;
  std::unordered_map<pid_t, std::size_t> by_pid_;  // index of the process that has the pid now
  analysis::RootReadings root_;
};

}  // namespace mprofpp::leak
