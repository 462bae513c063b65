#include "mprofpp/page/process_facts.hpp"

namespace mprofpp::page {
namespace {

constexpr std::size_t most_titles = 5'000;

}  // namespace

model::ProcessId ProcessFacts::now(pid_t pid) const {
  const auto start = starts_.find(pid);
  return {pid, start == starts_.end() ? 0 : start->second};
}

void ProcessFacts::take(const model::Title& title) {
  if (!window_.contains(title.t)) return;
  if (title_count_ == most_titles) {
    ++titles_left_out_;
    return;
  }
  ++title_count_;
  titles_[now(title.pid)].push_back(title);
}

const model::Exit* ProcessFacts::exit_of(const model::ProcessId& process) const {
  const auto exit = exits_.find(process);
  return exit == exits_.end() ? nullptr : &exit->second;
}

std::span<const model::Title> ProcessFacts::titles_of(const model::ProcessId& process) const {
  const auto titles = titles_.find(process);
  if (titles == titles_.end()) return {};
  return titles->second;
}

}  // namespace mprofpp::page
