#include "function_report.hpp"

#include <algorithm>

#include "figures.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/words.hpp"
#include "table.hpp"

namespace mprofpp::app {
namespace {

std::string signed_mib(double value) {
  return (value < 0 ? "" : "+") + mib(value);
}

std::string mib_or_dash(const std::optional<analysis::Maximum>& maximum) {
  return maximum ? mib(maximum->mib) : "-";
}

std::string name_of(analysis::SampleOf of) {
  return of == analysis::SampleOf::process ? "process" : "total";
}

std::string sampled_text(const std::optional<analysis::FunctionSample>& sampled) {
  if (!sampled) return "-";
  const auto value = mib(sampled->highest.mib);
  return sampled->of == analysis::SampleOf::process ? value : value + " in total";
}

Json as_json(const FunctionReport& report) {
  const auto value = [](const std::optional<analysis::Maximum>& maximum) {
    return maximum ? Json(maximum->mib) : Json(nullptr);
  };
  Json json;
  json["schema"] = 1;
  json["file"] = report.file;
  json["function"] = report.function;
  json["calls"] = report.calls.calls;
  json["seconds"] = report.calls.seconds;
  json["peak_mib"] = number_or_null(report.peak_mib());
  json["sampled_mib"] = report.sampled ? Json(report.sampled->highest.mib) : Json(nullptr);
  json["sampled_of"] = report.sampled ? Json(name_of(report.sampled->of)) : Json(nullptr);
  json["entry_mib"] = value(report.calls.entry);
  json["exit_mib"] = value(report.calls.exit);
  json["largest_growth_mib"] = number_or_null(report.calls.largest_growth);
  json["growth_mib"] = number_or_null(report.calls.growth);
  return json;
}

std::string text_of_one(const FunctionReport& report) {
  const auto peak = report.peak_mib();
  const auto& calls = report.calls;
  std::string text = report.file + "\t" + (peak ? mib(*peak) : "NaN MiB") + "\n";
  text += "  " + report.function + ": " + std::to_string(calls.calls) +
          (calls.calls == 1 ? " call, " : " calls, ") + fixed(calls.seconds, 3) + " s";
  text += ", sampled " + sampled_text(report.sampled) + ", entry " + mib_or_dash(calls.entry) +
          ", exit " + mib_or_dash(calls.exit);
  if (calls.largest_growth) text += ", largest growth " + signed_mib(*calls.largest_growth);
  if (calls.growth && calls.calls > 1) text += ", of all calls " + signed_mib(*calls.growth);
  return text + "\n";
}

std::string growth_or_dash(const std::optional<double>& growth) {
  return growth ? chart::growth_text(*growth) : "-";
}

std::vector<std::string> row_of(const FunctionReport& report) {
  const auto& calls = report.calls;
  const auto peak = report.peak_mib();
  const auto time = duration_from_seconds(calls.seconds);
  return {"",
          growth_or_dash(calls.growth),
          growth_or_dash(calls.largest_growth),
          std::to_string(calls.calls),
          time ? readable(*time) : "-",
          peak ? readable(Bytes::from_mebibytes(*peak)) : "-",
          report.function};
}

std::string table_of(const std::vector<FunctionReport>& reports) {
  std::vector<Align> columns(7, Align::right);
  columns.front() = columns.back() = Align::left;
  Table table(columns);
  table.add({"", "ADDED", "LARGEST", "CALLS", "TIME", "PEAK", "FUNCTION"});
  for (const auto& report : reports) table.add(row_of(report));
  return table.text(0);
}

/// What is not known comes last.
void sort_by_growth(std::vector<FunctionReport>& reports) {
  std::stable_sort(reports.begin(), reports.end(),
                   [](const FunctionReport& a, const FunctionReport& b) {
                     return a.calls.growth > b.calls.growth;
                   });
}

}  // namespace

std::optional<double> FunctionReport::peak_mib() const {
  std::optional<double> best;
  for (const auto& maximum : {calls.entry, calls.exit}) {
    if (maximum) best = std::max(best.value_or(maximum->mib), maximum->mib);
  }
  const bool is_comparable = sampled && (!best || sampled->of == analysis::SampleOf::process);
  if (is_comparable) best = std::max(best.value_or(sampled->highest.mib), sampled->highest.mib);
  return best;
}

std::string as_text(std::vector<FunctionReport> reports) {
  if (reports.size() == 1) return text_of_one(reports.front());
  sort_by_growth(reports);
  return reports.front().file + "\t" + std::to_string(reports.size()) + " functions\n" +
         table_of(reports);
}

std::string as_json_lines(std::vector<FunctionReport> reports) {
  sort_by_growth(reports);
  std::string lines;
  for (const auto& report : reports) lines += as_line(as_json(report));
  return lines;
}

}  // namespace mprofpp::app
