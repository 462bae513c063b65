#include "mprofpp/report/process_tree.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "mprofpp/base/text_table.hpp"
#include "mprofpp/report/detail/amounts.hpp"

namespace mprofpp::report {
namespace {

using analysis::PeakReport;
using analysis::ProcessPeak;

/// Returns the metrics that have a reading of any process, except vms, which has its own column.
std::vector<model::Metric> metrics_of(const PeakReport& report) {
  std::vector<model::Metric> metrics;
  for (const auto& process : report.processes) {
    for (const auto& peak : process.metrics) {
      const bool is_new = std::find(metrics.begin(), metrics.end(), peak.metric) == metrics.end();
      if (is_new && peak.metric != model::Metric::vms) metrics.push_back(peak.metric);
    }
  }
  return metrics;
}

std::optional<double> peak_of(const ProcessPeak& process, model::Metric metric) {
  for (const auto& peak : process.metrics) {
    if (peak.metric == metric) return peak.sampled.mib;
  }
  return std::nullopt;
}

/// Returns true if a process started before another one or at the same time. A process may be seen long
/// after its start, and a child may even have ended by then, so the kernel's time counts if it is known of
/// both.
bool started_before(const ProcessPeak& process, const ProcessPeak& other) {
  if (process.id.start != 0 && other.id.start != 0) return process.id.start <= other.id.start;
  return process.first_seen <= other.first_seen;
}

/// Returns the index of each process's parent. Pids are reused, so the parent is the newest process with
/// the parent's pid that started before its child.
std::vector<std::optional<std::size_t>> find_parents(const std::vector<ProcessPeak>& processes) {
  std::vector<std::optional<std::size_t>> parents(processes.size());
  for (std::size_t child = 0; child < processes.size(); ++child) {
    for (std::size_t i = 0; i < processes.size(); ++i) {
      const bool is_parent = i != child && processes[i].id.pid == processes[child].parent &&
                             started_before(processes[i], processes[child]);
      if (is_parent) parents[child] = i;
    }
  }
  return parents;
}

/// Returns the other titles that the process had: " (also: idle, SELECT and 3 more)".
std::string other_titles(const ProcessPeak& process) {
  constexpr std::size_t shown = 3;
  const auto others = process.titles.other_titles();
  if (others.empty()) return {};
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, others.size()); ++i) {
    text += (i == 0 ? " (also: " : ", ") + others[i];
  }
  const auto more = others.size() - std::min(shown, others.size()) + process.titles.left_out();
  if (more > 0) text += " and " + std::to_string(more) + " more";
  return text + ")";
}

class TreeText {
 public:
  TreeText(const PeakReport& report, Detail detail)
      : report_(report),
        detail_(detail),
        metrics_(detail == Detail::all ? metrics_of(report) : std::vector<model::Metric>()),
        children_(report.processes.size()),
        printed_(report.processes.size()),
        table_(columns()) {
    table_.add(titles());
    const auto parents = find_parents(report.processes);
    for (std::size_t i = 0; i < parents.size(); ++i) {
      if (parents[i])
        children_[*parents[i]].push_back(i);
      else
        tops_.push_back(i);
    }
  }

  std::string text() {
    for (const auto top : tops_) add(top, 0);
    for (std::size_t i = 0; i < printed_.size(); ++i) add(i, 0);  // reused pids may form a ring
    return table_.text(0);
  }

 private:
  std::vector<Align> columns() const {
    std::vector<Align> columns(titles().size(), Align::right);
    columns.front() = columns.back() = Align::left;
    return columns;
  }

  std::vector<std::string> titles() const {
    std::vector<std::string> titles = {"", "PEAK"};
    if (detail_ == Detail::all) titles.insert(titles.end(), {"%MEM", "VSZ"});
    for (const auto& metric : metrics_) titles.push_back(upper(name_of(metric)));
    titles.insert(titles.end(), {"FIRST", "LAST", "PROCESS"});
    return titles;
  }

  void add_details(std::vector<std::string>& row, const ProcessPeak& process) const {
    if (detail_ != Detail::all) return;
    const auto percent = report_.percent(process.best_mib());
    row.push_back(percent ? fixed(*percent, 1) : "-");
    row.push_back(memory_or_dash(process.vms));
    for (const auto& metric : metrics_) row.push_back(memory_or_dash(peak_of(process, metric)));
  }

  void add(std::size_t index, std::size_t depth) {
    if (printed_[index]) return;
    printed_[index] = true;
    const auto& process = report_.processes[index];
    const auto& what = process.command.empty() ? process.name : process.command;
    std::vector<std::string> row = {"", memory_or_dash(process.best_mib())};
    add_details(row, process);
    row.push_back(readable_moment(process.first_seen - report_.start));
    row.push_back(readable_moment(process.last_seen - report_.start));
    row.push_back(std::string(depth * 2, ' ') + std::to_string(process.id.pid) + " " + what +
                  other_titles(process));
    table_.add(std::move(row));
    for (const auto child : children_[index]) add(child, depth + 1);
  }

  const PeakReport& report_;
  Detail detail_;
  std::vector<model::Metric> metrics_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> tops_;
  std::vector<bool> printed_;
  TextTable table_;
};

}  // namespace

std::string process_tree_text(const PeakReport& report, Detail detail) {
  if (report.processes.empty()) return {};
  return TreeText(report, detail).text();
}

}  // namespace mprofpp::report
