#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "loadtest/load.hpp"
#include "loadtest/loadtest_options.hpp"
#include "loadtest/service.hpp"
#include "loadtest/watch.hpp"
#include "marks/marker.hpp"
#include "mprofpp/leak/load_judgement.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/report/loadtest.hpp"

namespace mprofpp::app {

/// Whether the rounds are reported while they run, and what the programs print.
enum class Progress { quiet, rounds, all };

/// Runs the rounds of all loads against a service that has been started, and judges them.
class Loadtest {
 public:
  /// All arguments but `mask` must outlive this object. `mask` are the signals that are blocked in loads.
  Loadtest(const LoadtestPlan& plan, Progress progress, const Console& console, Service& service,
           Watch& watch)
      : plan_(plan), progress_(progress), console_(console), service_(service), watch_(watch) {}

  /// Waits until the service is ready and runs everything. Errors: those of the service and the loads; busy
  /// if a signal asked to stop.
  Result<void> run(const sigset_t& mask);

  /// Returns the loads with what was measured and judged so far.
  const std::vector<report::LoadtestLoad>& loads() const { return loads_; }
  /// Returns the last lines of what the program printed that caused an error; may be empty.
  const std::string& printed() const { return printed_; }

 private:
  Result<void> await_ready();
  Result<void> run_load(std::size_t load, const sigset_t& mask);
  Result<void> run_round(std::size_t load, const sigset_t& mask);
  Result<LoadResult> finish(Load& load, const std::string& command);
  Result<void> rest();
  Result<void> check();
  Error early_end() const;
  void show(const std::string& output) const;
  void mark(const std::string& text);
  Result<void> judge(std::size_t load);
  void add_floors(std::size_t load, const leak::RestFloors& floors);
  void note_ready(Duration waited) const;
  void note_round(std::size_t load) const;
  std::size_t rounds_to_add(std::size_t load);

  const LoadtestPlan& plan_;
  Progress progress_;
  const Console& console_;
  Service& service_;
  Watch& watch_;
  record::Clock clock_;
  bool is_ready_ = false;
  std::unique_ptr<Marker> marker_;
  std::vector<leak::Rest> rests_;
  std::vector<std::size_t>
      first_rests_;                  // of each load: the index of the rest before its first round
  std::vector<std::size_t> wanted_;  // rounds of each load
  leak::Looks looks_;                // at the load that runs
  std::vector<report::LoadtestLoad> loads_;
  std::string printed_;
};

}  // namespace mprofpp::app
