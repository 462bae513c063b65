#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// A start, an exit or a change of program during the recording.
struct ProcessEvent {
  enum class Kind { started, became_another_program, exited };

  Kind kind = Kind::started;
  double seconds = 0;       ///< since the grid's origin
  std::size_t process = 0;  ///< index into History::processes
};

/// Collects the events of processes in the shown time, up to a limit. A process that ran when the recording
/// started has not started in it. Most programs call exec right after fork: the two are one event.
class ProcessEventFold {
 public:
  explicit ProcessEventFold(const Grid& grid) : grid_(grid) {}

  /// Notes that the recording has a sample: processes that follow have started during it.
  void note_sample() { has_sample_ = true; }
  /// Takes the first record of a process, which gets that index, and its later ones.
  void take_new(const model::Process& process, std::size_t index);
  void take_known(const model::Process& process, std::size_t index);
  void take(const model::Exit& exit, std::size_t index);

  std::vector<ProcessEvent> finish() { return std::move(events_); }

 private:
  struct Program {
    Instant start;
    std::string name;
  };
  void add(ProcessEvent::Kind kind, Instant t, std::size_t index);

  Grid grid_;
  bool has_sample_ = false;
  std::unordered_map<std::size_t, Program> programs_;  // of running processes, by index
  std::vector<ProcessEvent> events_;
};

}  // namespace mprofpp::analysis
