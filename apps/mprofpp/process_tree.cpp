#include "process_tree.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "table.hpp"

namespace mprofpp::app {
namespace {

using analysis::PeakReport;
using analysis::ProcessPeak;

std::string mib_text(const std::optional<double>& mib) {
  return mib ? readable(Bytes::from_mebibytes(*mib)) : "-";
}

/// The metrics that any process has a reading of, but the one that has a column anyway.
std::vector<std::string> metrics_of(const PeakReport& report) {
  std::vector<std::string> metrics;
  for (const auto& process : report.processes) {
    for (const auto& peak : process.metrics) {
      const bool is_new = std::find(metrics.begin(), metrics.end(), peak.metric) == metrics.end();
      if (is_new && peak.metric != "vms") metrics.push_back(peak.metric);
    }
  }
  return metrics;
}

std::optional<double> peak_of(const ProcessPeak& process, const std::string& metric) {
  for (const auto& peak : process.metrics) {
    if (peak.metric == metric) return peak.sampled.mib;
  }
  return std::nullopt;
}

std::string upper(std::string name) {
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
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
  TreeText(const PeakReport& report, Detail detail)
      : report_(report),
        detail_(detail),
        metrics_(detail == Detail::all ? metrics_of(report) : std::vector<std::string>()),
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
    for (std::size_t i = 0; i < printed_.size(); ++i) add(i, 0);  // parents that form a ring
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
    for (const auto& metric : metrics_) titles.push_back(upper(metric));
    titles.insert(titles.end(), {"FIRST", "LAST", "PROCESS"});
    return titles;
  }

  void add_details(std::vector<std::string>& row, const ProcessPeak& process) const {
    if (detail_ != Detail::all) return;
    const auto percent = report_.percent(process.best_mib());
    row.push_back(percent ? fixed(*percent, 1) : "-");
    row.push_back(mib_text(process.vms));
    for (const auto& metric : metrics_) row.push_back(mib_text(peak_of(process, metric)));
  }

  void add(std::size_t index, std::size_t depth) {
    if (printed_[index]) return;
    printed_[index] = true;
    const auto& process = report_.processes[index];
    const auto& what = process.command.empty() ? process.name : process.command;
    std::vector<std::string> row = {"", mib_text(process.best_mib())};
    add_details(row, process);
    row.push_back(readable_moment(process.first_seen - report_.start));
    row.push_back(readable_moment(process.last_seen - report_.start));
    row.push_back(std::string(depth * 2, ' ') + std::to_string(process.id.pid) + " " + what);
    table_.add(std::move(row));
    for (const auto child : children_[index]) add(child, depth + 1);
  }

  const PeakReport& report_;
  Detail detail_;
  std::vector<std::string> metrics_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> tops_;
  std::vector<bool> printed_;
  Table table_;
};

}  // namespace

std::string process_tree_text(const PeakReport& report, Detail detail) {
  return TreeText(report, detail).text();
}

}  // namespace mprofpp::app
