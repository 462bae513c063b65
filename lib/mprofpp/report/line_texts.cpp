#include "mprofpp/report/line_texts.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/report/detail/json.hpp"
#include "mprofpp/report/detail/line_cells.hpp"
#include "mprofpp/report/detail/markdown.hpp"
#include "mprofpp/report/line_notes.hpp"

namespace mprofpp::report {
namespace {

std::string right(const std::string& text, std::size_t width) {
  const auto used = count_characters(text);
  return used < width ? std::string(width - used, ' ') + text : text;
}

/// Formats the columns as memory_profiler does: {0:>6} {1:>12} {2:>12}  {3:>10}   {4:<}.
std::string text_row(const std::string& number, const LineCells& cells,
                     const std::vector<std::string>& extra, const std::string& contents) {
  auto row = right(number, 6) + ' ' + right(cells.memory, 12) + ' ' + right(cells.increment, 12) +
             "  " + right(cells.occurrences, 10);
  // the header of the occurrences is one character too wide; further columns are aligned again
  const bool is_header = number == "Line #";
  for (const auto& cell : extra) {
    row += ' ' + right(cell, is_header && &cell == &extra.front() ? 12 : 13);
  }
  return row + "   " + contents;
}

void append_text(std::string& out, const LineReport& report, const LineStyle& style) {
  const LineCells titles{"Mem usage", "Increment", "Occurrences", {}, {}};
  const auto header = text_row("Line #", titles, extra_headers(style.columns), "Line Contents");
  const int decimals = report.decimals(style.decimals);
  auto process = process_of(report.table);
  if (!process.empty()) {
    process[0] = 'P';
    out += process + "\n";
  }
  out += "Filename: " + visible(report.table.file) + "\n\n" + header + "\n" +
         std::string(header.size(), '=') + "\n";
  for (const auto& line : report.lines) {
    const auto cells = cells_of(line, decimals);
    out += text_row(std::to_string(line.number), cells, extra_cells(cells, style.columns),
                    shown_source(line.text)) +
           "\n";
  }
  out += "\n\n";
}

/// Returns a line of code for a cell of Markdown: between more backticks than it has in a row.
std::string markdown_code(std::string_view text) {
  std::string code;
  std::size_t most = 0;
  std::size_t in_a_row = 0;
  for (const char c : shown_source(text)) {
    in_a_row = c == '`' ? in_a_row + 1 : 0;
    most = std::max(most, in_a_row);
    if (c == '\t')
      code += "    ";
    else if (c == '|')
      code += "\\|";
    else if (c != '\f')
      code += c;
  }
  if (trim(code).empty()) return {};
  const std::string fence(most + 1, '`');
  const bool touches = code.front() == '`' || code.back() == '`';
  return touches ? fence + ' ' + code + ' ' + fence : fence + code + fence;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const auto& cell : cells) row += ' ' + std::string(trim(cell)) + (cell.empty() ? "|" : " |");
  return row + "\n";
}

void append_markdown(std::string& out, const LineReport& report, const LineStyle& style) {
  const auto& table = report.table;
  out += "### " + markdown_text(table.function);
  if (const auto process = process_of(table); !process.empty())
    out += ", " + markdown_text(process);
  out += "\n\n" + markdown_text(table.file + ":" + std::to_string(table.first_line)) + "\n\n";

  std::vector<std::string> titles = {"Line", "Mem usage", "Increment", "Occurrences"};
  for (const auto& title : extra_headers(style.columns)) titles.push_back(title);
  std::string rule = "|";
  for (std::size_t i = 0; i < titles.size(); ++i) rule += " ---: |";
  titles.emplace_back("Line contents");
  out += markdown_row(titles) + rule + " --- |\n";
  for (const auto& line : report.lines) {
    const auto cells = cells_of(line, report.decimals(style.decimals));
    std::vector<std::string> row = {std::to_string(line.number), cells.memory, cells.increment,
                                    cells.occurrences};
    for (const auto& cell : extra_cells(cells, style.columns)) row.push_back(cell);
    row.push_back(markdown_code(line.text));
    out += markdown_row(row);
  }
  out += "\n";
  for (const auto& note : line_notes(report)) out += "Note: " + markdown_text(note) + ".\n\n";
}

std::string_view name_of(SourceState state) {
  switch (state) {
    case SourceState::same:
      return "same";
    case SourceState::changed:
      return "changed";
    case SourceState::missing:
      return "missing";
    case SourceState::typed:
      break;
  }
  return "typed";
}

Json as_json(const ReportedLine& line, SourceState source) {
  Json fields;
  fields["line"] = line.number;
  fields["occurrences"] = line.row ? Json(line.row->count) : Json(0);
  fields["mem_mib"] = line.row ? number_or_null(line.row->max_mib) : Json(nullptr);
  fields["increment_mib"] = line.row ? number_or_null(line.row->increment_mib) : Json(nullptr);
  fields["peak_mib"] = line.row ? number_or_null(line.row->peak_mib) : Json(nullptr);
  fields["seconds"] = line.row ? number_or_null(line.row->seconds) : Json(nullptr);
  fields["contents"] = source == SourceState::same ? Json(line.text) : Json(nullptr);
  return fields;
}

Json as_json(const RecordedRun& run, const LineReport& report) {
  const auto& table = report.table;
  Json json;
  json["schema"] = 1;
  json["file"] = run.name;
  json["run"] = run.number;
  json["function"] = table.function;
  json["filename"] = table.file;
  json["first_line"] = table.first_line;
  json["pid"] = value_or_null(table.pid);
  json["process"] = value_or_null(table.process_name);
  json["processes"] = table.processes;
  json["calls"] = table.first_row.count;
  json["open_calls"] = table.calls.open;
  json["calls_with_other_threads"] = table.calls.shared;
  json["calls_with_other_greenlets"] = table.calls.interleaved;
  json["precision"] = value_or_null(table.calls.precision);
  json["source"] = name_of(report.source);
  json["source_differs"] = table.source_differs;
  json["lines"] = Json::array();
  for (const auto& line : report.lines) json["lines"].push_back(as_json(line, report.source));
  return json;
}

}  // namespace

std::string line_tables_text(const LineReports& reports, const LineStyle& style) {
  std::string text;
  for (const auto& report : reports.functions) append_text(text, report, style);
  return text;
}

std::string line_tables_markdown(const LineReports& reports, const LineStyle& style) {
  std::string text;
  for (const auto& report : reports.functions) append_markdown(text, report, style);
  return text;
}

std::string line_tables_json(const RecordedRun& run, const LineReports& reports) {
  std::string lines;
  for (const auto& report : reports.functions) lines += to_text(as_json(run, report));
  return lines;
}

}  // namespace mprofpp::report
