#include "mprofpp/analysis/line_tables.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/base/source_hash.hpp"

namespace mprofpp::analysis {
namespace {

LineRow row_of(const model::Line& line) {
  return {line.line, line.count, line.max_mib, line.increment_mib, line.peak_mib, line.seconds};
}

void raise_to(std::optional<double>& value, const std::optional<double>& other) {
  if (other) value = value ? std::max(*value, *other) : *other;
}

void add_to(std::optional<double>& sum, const std::optional<double>& other) {
  if (other) sum = sum.value_or(0) + *other;
}

/// Adds everything but the increment.
void add_counts(const LineRow& row, LineRow& sum) {
  sum.count += row.count;
  raise_to(sum.max_mib, row.max_mib);
  raise_to(sum.peak_mib, row.peak_mib);
  add_to(sum.seconds, row.seconds);
}

void add_calls(const model::LineCalls& calls, LineTable& table) {
  auto& sum = table.calls;
  sum.open += calls.open;
  sum.shared += calls.shared;
  sum.interleaved += calls.interleaved;
  if (!sum.precision) sum.precision = calls.precision;
  const auto& hash = calls.source_hash;
  if (!hash) return;
  const bool is_unknown = hash == unknown_source_hash || sum.source_hash == unknown_source_hash;
  if (!is_unknown && sum.source_hash && sum.source_hash != hash) table.source_differs = true;
  sum.source_hash = is_unknown ? unknown_source_hash : sum.source_hash.value_or(*hash);
}

/// Adds a line to the sorted rows. `hint` is the place of the line before it, from where the search starts.
std::size_t add_row(const LineRow& row, std::vector<LineRow>& rows, std::size_t hint) {
  while (hint < rows.size() && rows[hint].line < row.line) ++hint;
  if (hint == rows.size() || rows[hint].line != row.line) {
    LineRow empty;
    empty.line = row.line;
    rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(hint), empty);
  }
  add_counts(row, rows[hint]);
  rows[hint].increment_mib += row.increment_mib;
  return hint;
}

}  // namespace

void LineTablesFold::take(const model::Process& process) {
  const auto known = newest_.find(process.id.pid);
  if (known != newest_.end()) {
    auto& entry = processes_[known->second];
    const bool is_same = entry.start.value_or(process.id.start) == process.id.start;
    if (is_same) {
      entry.start = process.id.start;
      entry.name = process.name;
      return;
    }
  }
  newest_[process.id.pid] = processes_.size();
  processes_.push_back({process.id.pid, process.id.start, process.name});
}

void LineTablesFold::take(const model::Line& line) {
  auto& part = part_of(function_of(line), process_of(line.pid));
  if (line.line != line.first_line) {
    part.rows[line.line] = row_of(line);
    return;
  }
  part.first_row = row_of(line);
  part.calls = line.calls;
}

std::size_t LineTablesFold::process_of(pid_t pid) {
  const auto [known, is_new] = newest_.try_emplace(pid, processes_.size());
  if (is_new) processes_.push_back({pid, std::nullopt, ""});
  return known->second;
}

LineTablesFold::Function& LineTablesFold::function_of(const model::Line& line) {
  Key key{line.function, line.file, line.first_line};
  const auto [known, is_new] = numbers_.try_emplace(key, functions_.size());
  if (is_new) functions_.push_back({std::move(key), {}});
  return functions_[known->second];
}

LineTablesFold::Part& LineTablesFold::part_of(Function& function, std::size_t process) {
  const auto [known, is_new] = function.part_of_process.try_emplace(process, function.parts.size());
  if (is_new) function.parts.push_back({process, {}, {}, {}});
  return function.parts[known->second];
}

std::vector<LineTable> LineTablesFold::tables(LineGrouping grouping) const {
  std::vector<LineTable> tables;
  for (const auto& function : functions_) {
    if (grouping == LineGrouping::merged) {
      tables.push_back(merged_table(function));
      continue;
    }
    for (const auto& part : function.parts) tables.push_back(process_table(function, part));
  }
  return tables;
}

LineTable LineTablesFold::empty_table(const Function& function) {
  LineTable table;
  std::tie(table.function, table.file, table.first_line) = function.key;
  table.first_row.line = table.first_line;
  return table;
}

LineTable LineTablesFold::merged_table(const Function& function) {
  auto table = empty_table(function);
  for (const auto& part : function.parts) add(part, table);
  const auto first = std::find_if(function.parts.begin(), function.parts.end(),
                                  [](const Part& part) { return part.first_row.has_value(); });
  if (first != function.parts.end()) {
    table.first_row.increment_mib = first->first_row->increment_mib;
  }
  return table;
}

LineTable LineTablesFold::process_table(const Function& function, const Part& part) const {
  auto table = empty_table(function);
  add(part, table);
  if (part.first_row) table.first_row.increment_mib = part.first_row->increment_mib;
  const auto& process = processes_[part.process];
  table.pid = process.pid;
  if (!process.name.empty()) table.process_name = process.name;
  return table;
}

void LineTablesFold::add(const Part& part, LineTable& table) {
  ++table.processes;
  if (part.first_row) add_counts(*part.first_row, table.first_row);
  if (part.calls) add_calls(*part.calls, table);
  std::size_t place = 0;
  for (const auto& [line, row] : part.rows) place = add_row(row, table.rows, place);
}

}  // namespace mprofpp::analysis
