#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::page {

/// The facts about processes that no other analysis needs.
class ProcessFacts : public model::Sink {
 public:
  explicit ProcessFacts(analysis::Window window) : window_(window) {}

  using Sink::take;
  void take(const model::Process& process) override { starts_[process.id.pid] = process.id.start; }
  void take(const model::Exit& exit) override { exits_.insert_or_assign(now(exit.pid), exit); }
  void take(const model::Title& title) override;
  void take(const model::Line&) override { has_lines_ = true; }

  /// Returns the exit of a process; null if it was not recorded.
  const model::Exit* exit_of(const model::ProcessId& process) const;
  /// Returns the titles that the process gave itself in the window, in their order; empty if none.
  std::span<const model::Title> titles_of(const model::ProcessId& process) const;
  std::uint64_t titles_left_out() const { return titles_left_out_; }
  /// True if lines of Python functions were counted.
  bool has_lines() const { return has_lines_; }

 private:
  model::ProcessId now(pid_t pid) const;

  analysis::Window window_;
  std::unordered_map<pid_t, std::uint64_t> starts_;  // of the processes that have the pids now
  std::map<model::ProcessId, model::Exit> exits_;
  std::map<model::ProcessId, std::vector<model::Title>> titles_;
  std::size_t title_count_ = 0;
  std::uint64_t titles_left_out_ = 0;
  bool has_lines_ = false;
};

}  // namespace mprofpp::page
