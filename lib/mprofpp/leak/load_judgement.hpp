#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/leak/report.hpp"
#include "mprofpp/leak/rest_floors.hpp"
#include "mprofpp/leak/rounds.hpp"

namespace mprofpp::leak {

/// The rounds of one load among the rests of a recording.
struct LoadRounds {
  std::size_t before = 0;        ///< the index of the rest before the first round
  std::vector<double> requests;  ///< of each round
};

/// A process that lived through all rounds that count.
struct ProcessRounds {
  model::ProcessId id;
  std::string name;
  RoundsJudgement judgement;
};

/// Does a service keep memory for each request of one load, and which of its processes?
struct LoadJudgement {
  RoundsJudgement judgement;           ///< of what decides: a process or the whole service
  std::optional<std::size_t> process;  ///< the index of the process that decides; none: the service
  /// Of a service that leaks, if no process alone decides: several leak, or none does.
  std::optional<TreeGrowth> growth;
  RoundsJudgement total;
  std::vector<ProcessRounds> processes;
  std::size_t passing =
      0;                 ///< processes that were read in a rest that counts but not in all of them
  std::size_t late = 0;  ///< those of them that were read in the last rest
};

/// Judges the rounds of a load. The rates of a process are for all requests of the service, because it is not
/// known which process has answered one. `floors` has all rests of the load.
LoadJudgement judge_load(const RestFloors& floors, const LoadRounds& rounds,
                         const RoundsQuestion& question = {});

}  // namespace mprofpp::leak
