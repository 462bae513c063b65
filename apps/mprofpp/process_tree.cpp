#include "process_tree.hpp"

#include <optional>
#include <vector>

#include "mprofpp/base/units.hpp"
#include "table.hpp"

namespace mprofpp::app {
namespace {

using analysis::PeakReport;
using analysis::ProcessPeak;

std::string peak_text(const ProcessPeak& process) {
  if (process.kernel) return readable(Bytes::from_mebibytes(process.kernel->mib));
  if (process.sampled) return readable(Bytes::from_mebibytes(process.sampled->mib));
  return "-";
}

/// For each process the index of its parent: the newest process of that pid that was there first, as
/// pids come again.
std::vector<std::optional<std::size_t>> find_parents(const std::vector<ProcessPeak>& processes) {
  std::vector<std::optional<std::size_t>> parents(processes.size());
  for (std::size_t child = 0; child < processes.size(); ++child) {
    for (std::size_t i = 0; i < processes.size(); ++i) {
      const bool is_parent = i != child && processes[i].id.pid == processes[child].parent &&
                             processes[i].first_seen <= processes[child].first_seen;
      if (is_parent) parents[child] = i;
    }
  }
  return parents;
}

class TreeText {
 public:
  explicit TreeText(const PeakReport& report)
      : report_(report),
        children_(report.processes.size()),
        printed_(report.processes.size()),
        table_({Align::left, Align::right, Align::right, Align::right, Align::left}) {
    table_.add({"", "PEAK", "FIRST", "LAST", "PROCESS"});
    const auto parents = find_parents(report.processes);
    for (std::size_t i = 0; i < parents.size(); ++i) {
      if (parents[i]) children_[*parents[i]].push_back(i);
      else tops_.push_back(i);
    }
  }

  std::string text() {
    for (const auto top : tops_) add(top, 0);
    for (std::size_t i = 0; i < printed_.size(); ++i) add(i, 0);  // parents that form a ring
    return table_.text(0);
  }

 private:
  void add(std::size_t index, std::size_t depth) {
    if (printed_[index]) return;
    printed_[index] = true;
    const auto& process = report_.processes[index];
    const auto& what = process.command.empty() ? process.name : process.command;
    table_.add({"", peak_text(process), readable(process.first_seen - report_.start),
                readable(process.last_seen - report_.start),
                std::string(depth * 2, ' ') + std::to_string(process.id.pid) + " " + what});
    for (const auto child : children_[index]) add(child, depth + 1);
  }

  const PeakReport& report_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> tops_;
  std::vector<bool> printed_;
  Table table_;
};

}  // namespace

std::string process_tree_text(const PeakReport& report) {
  return TreeText(report).text();
}

}  // namespace mprofpp::app
