#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/model/process_id.hpp"

namespace mprofpp::page {

/// The processes that a page shows, with their numbers in it.
class Processes {
 public:
  /// Chooses at most `limit` processes, those with the highest peaks. `all` outlives it.
  Processes(const std::vector<analysis::ProcessPeak>& all, std::size_t limit);

  const std::vector<const analysis::ProcessPeak*>& shown() const { return shown_; }
  std::size_t left_out() const { return left_out_; }
  /// Returns the number of a process; nothing if it is not shown.
  std::optional<std::size_t> number_of(const model::ProcessId& process) const;
  /// Returns the numbers of the shown processes that have had the pid, in the order of their starts.
  std::vector<std::size_t> with(pid_t pid) const;
  /// Returns the number of the last process that had the pid; nothing if it is not shown.
  std::optional<std::size_t> last_with(pid_t pid) const;

 private:
  std::vector<const analysis::ProcessPeak*> shown_;
  std::map<model::ProcessId, std::size_t> numbers_;
  std::size_t left_out_ = 0;
};

}  // namespace mprofpp::page
