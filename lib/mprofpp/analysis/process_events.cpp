#include "mprofpp/analysis/process_events.hpp"

#include <utility>

namespace mprofpp::analysis {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_events = 20'000;
constexpr Duration fork_to_exec = 1s;

}  // namespace

void ProcessEventFold::take_new(const model::Process& process, std::size_t index) {
  programs_[index] = {process.t, process.name};
  if (has_sample_) add(ProcessEvent::Kind::started, process.t, index);
}

/// A process keeps the kernel's name when it changes its title, and gets another one by exec.
void ProcessEventFold::take_known(const model::Process& process, std::size_t index) {
  const auto known = programs_.find(index);
  if (known == programs_.end()) return;
  const auto before = std::exchange(known->second.name, process.name);
  if (before == process.name || process.t < known->second.start + fork_to_exec) return;
  add(ProcessEvent::Kind::became_another_program, process.t, index);
}

void ProcessEventFold::take(const model::Exit& exit, std::size_t index) {
  // a process has one exit, whatever the file says
  if (programs_.erase(index) > 0) add(ProcessEvent::Kind::exited, exit.t, index);
}

void ProcessEventFold::add(ProcessEvent::Kind kind, Instant t, std::size_t index) {
  if (grid_.is_cut(t, t) || events_.size() == most_events) return;
  events_.push_back({kind, grid_.seconds(t), index});
}

}  // namespace mprofpp::analysis
