#include "mprofpp/report/detail/line_cells.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::report {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

/// Formats memory as memory_profiler does: a number of at least 4 characters and its decimals.
std::string padded_mib(double mib, int decimals) {
  return padded(fixed(mib, decimals), static_cast<std::size_t>(decimals) + 4) + " MiB";
}

}  // namespace

LineCells cells_of(const ReportedLine& line, int decimals) {
  constexpr int microseconds = 6;
  if (!line.row) return {};
  const auto& row = *line.row;
  const bool has_ended = row.max_mib.has_value();
  LineCells cells;
  if (has_ended) cells.memory = padded_mib(*row.max_mib, decimals);
  if (has_ended || row.increment_mib != 0)
    cells.increment = padded_mib(row.increment_mib, decimals);
  cells.occurrences = std::to_string(row.count);
  cells.peak = row.peak_mib ? padded_mib(*row.peak_mib, decimals) : "-";
  cells.time = row.seconds ? fixed(*row.seconds, microseconds) + " s" : "-";
  return cells;
}

std::vector<std::string> extra_cells(const LineCells& cells, LineColumns columns) {
  std::vector<std::string> extra;
  if (columns.peak) extra.push_back(cells.peak);
  if (columns.time) extra.push_back(cells.time);
  return extra;
}

std::vector<std::string> extra_headers(LineColumns columns) {
  return extra_cells(
      {.memory = {}, .increment = {}, .occurrences = {}, .peak = "Peak", .time = "Time"}, columns);
}

std::string process_of(const analysis::LineTable& table) {
  if (!table.pid) return {};
  const auto pid = "process " + std::to_string(*table.pid);
  return table.process_name ? pid + " (" + visible(*table.process_name) + ")" : pid;
}

std::string shown_source(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\t\f"), text.size());
    shown += visible(text.substr(0, end));
    if (end < text.size()) shown += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return shown;
}

}  // namespace mprofpp::report
