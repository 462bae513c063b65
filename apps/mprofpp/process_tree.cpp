#include "process_tree.hpp"

#include <algorithm>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {
namespace {

using analysis::PeakReport;
using analysis::ProcessPeak;

std::string right_aligned(const std::string& text, std::size_t width) {
  const auto used = count_characters(text);
  return used >= width ? text : std::string(width - used, ' ') + text;
}

std::string peak_text(const ProcessPeak& process) {
  if (process.kernel) return readable(Bytes::from_mebibytes(process.kernel->mib));
  if (process.sampled) return readable(Bytes::from_mebibytes(process.sampled->mib));
  return "-";
}

/// One line of characters a terminal shows: control characters and broken UTF-8 replaced.
std::string one_line(const std::string& text) {
  auto line = to_valid_utf8(text);
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return line;
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
      : report_(report), children_(report.processes.size()), printed_(report.processes.size()) {
    const auto parents = find_parents(report.processes);
    for (std::size_t i = 0; i < parents.size(); ++i) {
      if (parents[i]) children_[*parents[i]].push_back(i);
      else tops_.push_back(i);
    }
  }

  std::string text() {
    out_ = "        PEAK       FIRST        LAST  PROCESS\n";
    for (const auto top : tops_) add(top, 0);
    for (std::size_t i = 0; i < printed_.size(); ++i) add(i, 0);  // parents that form a ring
    return out_;
  }

 private:
  void add(std::size_t index, std::size_t depth) {
    if (printed_[index]) return;
    printed_[index] = true;
    const auto& process = report_.processes[index];
    const auto& what = process.command.empty() ? process.name : process.command;
    out_ += right_aligned(peak_text(process), 12);
    out_ += right_aligned(readable(process.first_seen - report_.start), 12);
    out_ += right_aligned(readable(process.last_seen - report_.start), 12);
    out_ += "  " + std::string(depth * 2, ' ') + std::to_string(process.id.pid) + " " + one_line(what);
    out_ += '\n';
    for (const auto child : children_[index]) add(child, depth + 1);
  }

  const PeakReport& report_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> tops_;
  std::vector<bool> printed_;
  std::string out_;
};

}  // namespace

std::string process_tree_text(const PeakReport& report) {
  return TreeText(report).text();
}

}  // namespace mprofpp::app
