#include "mprofpp/report/line_tables.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "mprofpp/analysis/function_names.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/source_hash.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/source/source_block.hpp"
#include "mprofpp/source/source_lines.hpp"

namespace mprofpp::report {
namespace {

using analysis::LineRow;
using analysis::LineTable;

/// Larger files are not read: the recording may name any file.
constexpr std::uintmax_t largest_source = 64 << 20;

/// Collects the tables, and how the recording ends.
class LinesFold : public analysis::LineTablesFold {
 public:
  using analysis::LineTablesFold::take;
  void take(const model::End&) override { reports_.has_ended = true; }
  void take(const model::Damage& damage) override {
    ++reports_.damaged_lines;
    if (!reports_.first_damage) reports_.first_damage = damage;
  }

  const LineReports& reports() const { return reports_; }

 private:
  LineReports reports_;
};

/// A source file of today.
struct SourceFile {
  std::uint64_t hash = 0;
  std::vector<std::string> lines;
};

std::optional<SourceFile> read_source(const std::string& path) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  if (!is_file || std::filesystem::file_size(path, error) > largest_source) return std::nullopt;
  const auto text = read_file(path);
  if (!text) return std::nullopt;
  return SourceFile{source_hash(*text), source::source_lines(*text)};
}

/// Reads each source file once.
class Sources {
 public:
  const std::optional<SourceFile>& of(const std::string& path) {
    const auto known = files_.find(path);
    if (known != files_.end()) return known->second;
    return files_.emplace(path, read_source(path)).first->second;
  }

 private:
  std::map<std::string, std::optional<SourceFile>> files_;
};

int last_executed(const LineTable& table) {
  return table.rows.empty() ? table.first_line : std::max(table.first_line, table.rows.back().line);
}

SourceState state_of(const LineTable& table, const std::optional<SourceFile>& source) {
  const bool has_name = !(table.file.starts_with('<') && table.file.ends_with('>'));
  if (!source) return has_name ? SourceState::missing : SourceState::typed;
  const bool is_short = static_cast<std::size_t>(last_executed(table)) > source->lines.size();
  const auto& hash = table.calls.source_hash;
  return is_short || (hash && *hash != source->hash) ? SourceState::changed : SourceState::same;
}

/// Returns the rows by line. Of a damaged recording, the line of a row can be any number.
std::map<int, LineRow> rows_of(const LineTable& table) {
  std::map<int, LineRow> rows;
  for (const auto& row : table.rows) rows.emplace(row.line, row);
  rows[table.first_line] = table.first_row;
  return rows;
}

std::vector<ReportedLine> without_source(const LineTable& table) {
  std::vector<ReportedLine> lines;
  for (auto& [number, row] : rows_of(table)) lines.push_back({number, {}, row});
  return lines;
}

std::vector<ReportedLine> with_source(const LineTable& table, const SourceFile& source) {
  const auto rows = rows_of(table);
  const int first = std::min(table.first_line, rows.begin()->first);
  const int last =
      std::max(source::last_line_of(source.lines, table.first_line), last_executed(table));
  std::vector<ReportedLine> lines;
  for (int number = first; number <= last; ++number) {
    const auto row = rows.find(number);
    lines.push_back({number, source.lines[static_cast<std::size_t>(number - 1)],
                     row == rows.end() ? std::nullopt : std::optional(row->second)});
  }
  return lines;
}

bool has_sensible_lines(const LineTable& table) {
  return table.first_line > 0 && (table.rows.empty() || table.rows.front().line > 0);
}

LineReport report_of(LineTable table, Sources& sources) {
  LineReport report;
  const auto& source = sources.of(table.file);
  report.source = has_sensible_lines(table) ? state_of(table, source) : SourceState::changed;
  report.lines =
      report.source == SourceState::same ? with_source(table, *source) : without_source(table);
  report.table = std::move(table);
  return report;
}

/// Removes the tables of functions that `wanted` does not name.
Result<void> keep_wanted(std::vector<LineTable>& tables, const std::string& wanted) {
  if (wanted.empty() || tables.empty()) return {};
  std::vector<std::string> names;
  for (const auto& table : tables) {
    if (std::find(names.begin(), names.end(), table.function) == names.end())
      names.push_back(table.function);
  }
  const auto kept = analysis::pick_functions(names, wanted);
  if (!kept) return Failure(kept.error());
  std::erase_if(tables, [&](const LineTable& table) {
    return std::find(kept->begin(), kept->end(), table.function) == kept->end();
  });
  return {};
}

}  // namespace

int LineReport::decimals(std::optional<int> wanted) const {
  constexpr int usual = 3;
  constexpr int most = 15;
  return std::clamp(wanted.value_or(table.calls.precision.value_or(usual)), 0, most);
}

Result<LineReports> read_line_tables(const RecordedRun& run, analysis::LineGrouping grouping,
                                     const std::string& wanted) {
  LinesFold fold;
  if (auto done = read(run, fold); !done) return Failure(std::move(done.error()));
  auto tables = fold.tables(grouping);
  if (auto kept = keep_wanted(tables, wanted); !kept) return Failure(std::move(kept.error()));
  auto reports = fold.reports();
  Sources sources;
  for (auto& table : tables) reports.functions.push_back(report_of(std::move(table), sources));
  return reports;
}

}  // namespace mprofpp::report
