#include "mprofpp/report/functions.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/analysis/function_names.hpp"
#include "mprofpp/analysis/window_filter.hpp"
#include "mprofpp/base/text_table.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/report/detail/amounts.hpp"
#include "mprofpp/report/detail/json.hpp"

namespace mprofpp::report {
namespace {

using Functions = std::vector<FunctionReport>;

std::string name_of(analysis::SampleOf of) {
  return of == analysis::SampleOf::process ? "process" : "total";
}

Json as_json(const RecordedRun& run, const FunctionReport& report, const analysis::Losses& losses) {
  Json json;
  json["schema"] = 1;
  json["file"] = run.name;
  json["function"] = report.function;
  json["calls"] = report.calls.calls;
  json["calls_are_estimated"] = report.calls.is_estimate;
  json["seconds"] = report.calls.seconds;
  json["elapsed_seconds"] = report.calls.elapsed;
  json["peak_mib"] = number_or_null(report.peak_mib());
  json["sampled_mib"] = report.sampled ? Json(report.sampled->highest.mib) : Json(nullptr);
  json["sampled_of"] = report.sampled ? Json(name_of(report.sampled->of)) : Json(nullptr);
  json["entry_mib"] = mib_or_null(report.calls.entry);
  json["exit_mib"] = mib_or_null(report.calls.exit);
  json["largest_growth_mib"] = number_or_null(report.calls.largest_growth);
  json["growth_mib"] = mib_or_null(report.calls.added);
  json["growth_is_upper_bound"] = report.calls.added && report.calls.added->at_most;
  json["lost_marks"] = losses.marks;
  return json;
}

std::string reading_text(const std::optional<analysis::TimedValue>& reading) {
  return reading ? memory_text(reading->mib) : "-";
}

std::string growth_or_dash(const std::optional<double>& growth) {
  return growth ? growth_text(*growth) : "-";
}

std::string added_text(const std::optional<analysis::Added>& added) {
  if (!added) return "-";
  return (added->at_most ? "≤ " : "") + growth_text(added->mib);
}

std::string time_text(double seconds) {
  const auto time = duration_from_seconds(seconds);
  return time ? readable(*time) : "-";
}

std::string sampled_text(const std::optional<analysis::FunctionSample>& sampled) {
  if (!sampled) return "-";
  const auto value = memory_text(sampled->highest.mib);
  return sampled->of == analysis::SampleOf::process ? value : value + " in total";
}

/// Returns the number of calls, with ≈ if some of them are those of a part of a group.
std::string calls_text(const analysis::CallTotals& totals) {
  return (totals.is_estimate ? "≈ " : "") + std::to_string(totals.calls);
}

/// Returns true if calls were suspended for part of their time, as those of coroutines and generators
/// are.
bool was_suspended(const FunctionReport& report) {
  return report.calls.seconds < report.calls.elapsed * 0.99;
}

/// A column of the table: its title and the text of a function's cell.
struct Column {
  std::string title;
  std::string (*text)(const FunctionReport&);
};

std::vector<Column> columns_for(const Functions& functions, Detail detail) {
  using Report = const FunctionReport&;
  std::vector<Column> columns = {
      {"ADDED", [](Report r) { return added_text(r.calls.added); }},
      {"LARGEST", [](Report r) { return growth_or_dash(r.calls.largest_growth); }},
      {"CALLS", [](Report r) { return calls_text(r.calls); }},
      {"TIME", [](Report r) { return time_text(r.calls.seconds); }}};
  if (std::any_of(functions.begin(), functions.end(), was_suspended)) {
    columns.push_back({"ELAPSED", [](Report r) { return time_text(r.calls.elapsed); }});
  }
  columns.push_back({"PEAK", [](Report r) { return memory_or_dash(r.peak_mib()); }});
  if (detail == Detail::all) {
    columns.push_back({"SAMPLED", [](Report r) { return sampled_text(r.sampled); }});
    columns.push_back({"ENTRY", [](Report r) { return reading_text(r.calls.entry); }});
    columns.push_back({"EXIT", [](Report r) { return reading_text(r.calls.exit); }});
  }
  columns.push_back({"FUNCTION", [](Report r) { return r.function; }});
  return columns;
}

std::string table_of(const Functions& functions, Detail detail) {
  const auto columns = columns_for(functions, detail);
  std::vector<Align> alignment(columns.size() + 1, Align::right);
  alignment.front() = alignment.back() = Align::left;
  TextTable table(alignment);
  std::vector<std::string> titles = {""};
  for (const auto& column : columns) titles.push_back(column.title);
  table.add(std::move(titles));
  for (const auto& report : functions) {
    std::vector<std::string> row = {""};
    for (const auto& column : columns) row.push_back(column.text(report));
    table.add(std::move(row));
  }
  return table.text(0);
}

/// Returns notes on figures that are not exact; empty if all are.
std::string notes_of(const Functions& functions, const analysis::Losses& losses) {
  std::string notes;
  const auto is_bound = [](const FunctionReport& r) {
    return r.calls.added && r.calls.added->at_most;
  };
  if (std::any_of(functions.begin(), functions.end(), is_bound)) {
    notes += "  ≤ upper bound: other threads, or many short calls, may have added part of it\n";
  }
  const auto is_estimate = [](const FunctionReport& r) { return r.calls.is_estimate; };
  if (std::any_of(functions.begin(), functions.end(), is_estimate)) {
    notes +=
        "  ≈ estimate: short calls are recorded in groups, and one reaches out of the window\n";
  }
  if (losses.marks > 0) {
    notes += "  " + counted(losses.marks, "mark", "marks") + " lost: some calls are missing\n";
  }
  if (losses.change > 0) {
    notes += "  changes up to " + memory_text(losses.change) + " left out: SAMPLED is not exact\n";
  }
  return notes;
}

std::string first_line(const RecordedRun& run, const Functions& functions) {
  const auto peak = functions.front().peak_mib();
  const auto value = functions.size() > 1 ? std::to_string(functions.size()) + " functions"
                     : peak               ? exact_mib(*peak)
                                          : "NaN MiB";
  return run.name + "\t" + value + "\n";
}

/// Sorts by the memory that the calls added, the largest first and the unknown last.
void sort_by_growth(Functions& functions) {
  const auto growth = [](const FunctionReport& report) {
    return report.calls.added ? std::optional(report.calls.added->mib) : std::nullopt;
  };
  std::stable_sort(functions.begin(), functions.end(),
                   [&](const auto& a, const auto& b) { return growth(a) > growth(b); });
}

/// Returns the error for functions that were called, but not in the window.
Error not_called_in_window(const RecordedRun& run, const std::string& wanted) {
  const auto range = time_range(run);
  if (!range) return range.error();
  const auto length = readable(range->last - range->first);
  if (wanted == "*") {
    return {Errc::not_found, run.name, "no function was called in that window",
            "it lasts " + length};
  }
  return {Errc::not_found, wanted, "was not called in that window",
          "the recording lasts " + length};
}

/// Explains why no function of the window is meant by `wanted`. `error` is that of pick_functions().
Error explain_missing(const RecordedRun& run, const analysis::Window& window,
                      const std::string& wanted, const Error& error) {
  if (error.code != Errc::not_found) return error;
  analysis::FunctionNames of_run;
  if (auto done = read(run, of_run); !done) return done.error();
  const auto names = of_run.names();
  if (names.empty()) return {Errc::not_found, run.name, "the recording has no function marks"};
  if (window.is_whole()) return error;
  const auto functions = analysis::pick_functions(names, wanted);
  return functions ? not_called_in_window(run, wanted) : functions.error();
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

/// Reads the file three times: for the names of functions, for their calls, and for the samples taken during
/// these calls.
Result<FunctionReports> read_functions(const RecordedRun& run, const analysis::Window& window,
                                       const std::string& wanted) {
  const auto read_into = [&](model::Sink& sink) {
    analysis::WindowFilter filter(window, sink);
    return read(run, filter);
  };
  analysis::FunctionNames names;
  if (auto done = read_into(names); !done) return Failure(std::move(done.error()));
  const auto functions = analysis::pick_functions(names.names(), wanted);
  if (!functions) return Failure(explain_missing(run, window, wanted, functions.error()));

  analysis::FunctionCallsFold calls_fold(*functions, names.late(), window);
  if (auto done = read_into(calls_fold); !done) return Failure(std::move(done.error()));
  auto calls = calls_fold.finish();
  analysis::FunctionPeakFold peaks(calls, window);
  if (auto done = read(run, peaks); !done) return Failure(std::move(done.error()));

  const auto sampled = peaks.finish();
  FunctionReports reports{.functions = {}, .losses = names.losses()};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    reports.functions.push_back({(*functions)[i], std::move(calls[i]), sampled[i]});
  }
  sort_by_growth(reports.functions);
  return reports;
}

std::string functions_text(const RecordedRun& run, const FunctionReports& reports, Detail detail) {
  const auto& functions = reports.functions;
  return first_line(run, functions) + table_of(functions, detail) +
         notes_of(functions, reports.losses);
}

std::string functions_json(const RecordedRun& run, const FunctionReports& reports) {
  std::string lines;
  for (const auto& report : reports.functions) {
    lines += to_text(as_json(run, report, reports.losses));
  }
  return lines;
}

}  // namespace mprofpp::report
