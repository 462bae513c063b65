#include "mprofpp/report/line_page.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mprofpp/base/text.hpp"
#include "mprofpp/report/detail/amounts.hpp"
#include "mprofpp/report/detail/line_cells.hpp"
#include "mprofpp/report/line_notes.hpp"

namespace mprofpp::report {
namespace {

constexpr std::string_view style_sheet = R"(
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0;
  --more: 214 62 20; --less: 31 111 235; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --rule: #30363d; --more: 255 110 60;
    --less: 88 166 255; } }
body { margin: 1.5rem auto; padding: 0 1rem; max-width: 75rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 0; overflow-wrap: anywhere; }
p { margin: .3rem 0; overflow-wrap: anywhere; } .faint { color: var(--faint); overflow-wrap: anywhere; }
a { color: inherit; } ul { padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin-top: .6rem; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font: 13px/1.45 ui-monospace, monospace; }
th { text-align: right; font-weight: 600; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th, td { padding: .1rem .6rem; } th:last-child { text-align: left; }
td { text-align: right; white-space: nowrap; vertical-align: top; }
td:first-child, tr.idle td { color: var(--faint); } tr.more td, tr.less td { color: var(--ink); }
td:last-child { text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; width: 100%;
  min-width: 16rem; tab-size: 4; }
tr.more { background: rgb(var(--more) / calc(var(--part) * .45 + .05)); }
tr.less { background: rgb(var(--less) / calc(var(--part) * .45 + .05)); }
@media (max-width: 40rem) { body { padding: 0 .5rem; } table { font-size: 11px; }
  th, td { padding: .1rem .25rem; } td:last-child { min-width: 11rem; } }
@media print { body { margin: 0; max-width: none; } .scroll { overflow: visible; }
  table { font-size: 9px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  td:last-child { min-width: 0; } tr { break-inside: avoid; } thead { display: table-header-group; } }
)";

std::string shown(std::string_view text) {
  return markup_text(visible(text));
}

/// Returns a line of source without form feeds, which some files have between their sections.
std::string shown_line(const std::string& line) {
  std::string text = shown_source(line);
  std::erase(text, '\f');
  return markup_text(text);
}

std::string element(std::string_view name, const std::string& content) {
  const std::string tag(name);
  return "<" + tag + ">" + content + "</" + tag + ">";
}

bool is_first(const LineReport& report, const ReportedLine& line) {
  return line.number == report.table.first_line;
}

/// Returns the growth of a line; 0 for the first row, whose increment is the memory at the start.
double growth_of(const LineReport& report, const ReportedLine& line) {
  if (!line.row || is_first(report, line) || !std::isfinite(line.row->increment_mib)) return 0;
  return line.row->increment_mib;
}

double largest_growth(const LineReport& report) {
  double largest = 0;
  for (const auto& line : report.lines)
    largest = std::max(largest, std::abs(growth_of(report, line)));
  return largest;
}

double whole_growth(const LineReport& report) {
  double sum = 0;
  for (const auto& line : report.lines) sum += growth_of(report, line);
  return sum;
}

std::string row_start(const LineReport& report, const ReportedLine& line, double largest) {
  if (!line.row) return "<tr class=\"idle\">";
  const double growth = growth_of(report, line);
  const double part = largest > 0 ? std::abs(growth) / largest : 0;
  const auto text = fixed(part, 2);
  if (text == "0.00") return "<tr>";
  return std::string("<tr class=\"") + (growth > 0 ? "more" : "less") +
         "\" style=\"--part:" + text + "\">";
}

std::string table_of(const LineReport& report, const LineStyle& style) {
  std::string head;
  for (const auto* title : {"Line", "Mem usage", "Increment", "Occurrences"})
    head += element("th", title);
  for (const auto& title : extra_headers(style.columns)) head += element("th", title);
  std::string text = "<div class=\"scroll\"><table>\n<thead><tr>" + head +
                     "<th>Line contents</th></tr></thead>\n<tbody>\n";
  const double largest = largest_growth(report);
  for (const auto& line : report.lines) {
    const auto cells = cells_of(line, report.decimals(style.decimals));
    text += row_start(report, line, largest) + element("td", std::to_string(line.number)) +
            element("td", std::string(trim(cells.memory))) +
            element("td", std::string(trim(cells.increment))) + element("td", cells.occurrences);
    for (const auto& cell : extra_cells(cells, style.columns))
      text += element("td", std::string(trim(cell)));
    text += element("td", shown_line(line.text)) + "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

/// Returns how much the calls of a function added: "3 calls added 12.3 MiB".
std::string summary_of(const LineReport& report) {
  const double growth = whole_growth(report);
  auto text = counted(report.table.first_row.count, "call", "calls");
  text += (growth < 0 ? " gave back " : " added ") + memory_text(std::abs(growth));
  const auto processes = report.table.processes;
  if (processes > 1) text += ", in " + std::to_string(processes) + " processes";
  return text;
}

std::string title_of(const LineReport& report) {
  const auto process = process_of(report.table);
  return shown(report.table.function) + (process.empty() ? "" : ", " + markup_text(process));
}

std::string contents_of(const LineReports& reports) {
  if (reports.functions.size() < 2) return {};
  std::string items;
  std::size_t number = 0;
  for (const auto& report : reports.functions) {
    items += "<li><a href=\"#f" + std::to_string(++number) + "\">" + title_of(report) +
             "</a>: " + summary_of(report) + "</li>\n";
  }
  return "<ul>\n" + items + "</ul>\n";
}

}  // namespace

std::string line_tables_html(const RecordedRun& run, const LineReports& reports,
                             const LineStyle& style) {
  const auto title = "Memory by line: " + shown(run.name);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += element("title", title) + "\n" + element("style", std::string(style_sheet)) +
          "\n</head>\n<body>\n" + element("h1", title) + "\n" + contents_of(reports);
  std::size_t number = 0;
  for (const auto& report : reports.functions) {
    const auto place = report.table.file + ":" + std::to_string(report.table.first_line);
    page += "<section id=\"f" + std::to_string(++number) + "\">\n" +
            element("h2", title_of(report)) + "\n<p class=\"faint\">" + shown(place) + "</p>\n" +
            element("p", markup_text(summary_of(report))) + "\n" + table_of(report, style);
    for (const auto& note : line_notes(report))
      page += element("p", "Note: " + shown(note) + ".") + "\n";
    page += "</section>\n";
  }
  return page + "</body>\n</html>\n";
}

}  // namespace mprofpp::report
