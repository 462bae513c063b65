#include "mprofpp/page/document.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/page/leak_fields.hpp"
#include "mprofpp/page/line_fields.hpp"
#include "mprofpp/page/process_fields.hpp"
#include "mprofpp/page/values.hpp"

namespace mprofpp::page {
namespace {

using analysis::PeakReport;

/// Returns the seconds from the start of the recording.
double seconds_at(Instant t, const Contents& contents) {
  return contents.history.grid.seconds(t);
}

Json peak_fields(const Contents& contents) {
  const auto& peaks = contents.peaks;
  const auto best = peaks.best();
  const bool at_least = best && best->certainty == analysis::BestPeak::Certainty::at_least;
  Json fields;
  fields["mib"] = mib_or_null(peaks.sampled);
  fields["at"] = peaks.sampled ? Json(seconds_at(peaks.sampled->t, contents)) : Json(nullptr);
  fields["kernel_mib"] = at_least ? Json(best->mib) : mib_or_null(peaks.kernel);
  fields["at_least"] = at_least;
  fields["best_mib"] = mib_or_null(best);
  return fields;
}

Json loss_fields(const Contents& contents) {
  const auto& losses = contents.peaks.losses;
  return {{"ticks", losses.ticks},
          {"marks", losses.marks},
          {"processes", losses.processes},
          {"censuses", losses.censuses},
          {"suspended_s", losses.suspended},
          {"change_mib", losses.change},
          {"damaged_lines", contents.history.damaged_lines}};
}

Json statistics_fields(const analysis::Statistics& statistics) {
  constexpr double hour = 3600;
  const auto& slope = statistics.per_second;
  return {{"mean_mib", number_or_null(statistics.mean_mib)},
          {"end_mib", number_or_null(statistics.end_mib)},
          {"slope_mib_per_hour", number_or_null(slope ? std::optional(*slope * hour) : slope)},
          {"growth_mib", number_or_null(statistics.growth_mib)}};
}

/// Returns the fields of the page's header.
Json header_fields(const Contents& contents, const PageRequest& request, const Caps& caps) {
  const auto& [run, range] = contents.run;
  const auto& history = contents.history;
  const auto& settings = history.settings;
  const auto own = [&](const std::string& text) { return shown_text(text, caps.text()); };
  const auto& interval = settings.interval;
  Json fields;
  fields["format"] = format;
  fields["title"] = own(title_of(contents, request));
  fields["file"] = own(run.name);
  fields["run"] = run.number;
  fields["runs"] = run.runs.size();
  fields["command"] = own(history.command);
  fields["host"] = settings.host ? Json(own(*settings.host)) : Json(nullptr);
  fields["version"] = settings.version ? Json(own(*settings.version)) : Json(nullptr);
  fields["start"] = to_seconds(range.first);
  fields["first"] = history.first();
  fields["last"] = history.last();
  fields["window"] = nullptr;
  if (request.window) fields["window"] = {history.grid.first(), history.grid.last()};
  fields["interval"] = interval ? Json(to_seconds(*interval)) : Json(nullptr);
  fields["metric"] = name_of(history.own_metric);
  fields["shown"] = name_of(request.metric.value_or(history.own_metric));
  fields["metrics"] = Json::array();
  for (const auto metric : history.metrics()) fields["metrics"].push_back(name_of(metric));
  return fields;
}

Json mark_fields(const model::PointMark& mark, const Contents& contents, const Caps& caps,
                 const Processes& processes) {
  return {{"at", seconds_at(mark.t, contents)},
          {"process", number_or_null(processes.last_with(mark.pid))},
          {"text", shown_text(mark.text, caps.text())}};
}

Json marks_fields(const Contents& contents, const Caps& caps, const Processes& processes) {
  const auto& marks = contents.history.marks;
  const auto shown = std::min(marks.size(), caps.marks());
  Json fields;
  fields["marks"] = Json::array();
  for (std::size_t i = 0; i < shown; ++i) {
    fields["marks"].push_back(mark_fields(marks[i], contents, caps, processes));
  }
  fields["marks_left_out"] = marks.size() - shown + contents.history.marks_left_out;
  return fields;
}

Json limits_json(const Contents& contents, const PageRequest& request, const Caps& caps,
                 const Processes& processes) {
  auto limits = Json::array();
  if (request.limit_mib) {
    limits.push_back(
        {{"at", nullptr}, {"what", "limit"}, {"mib", *request.limit_mib}, {"process", nullptr}});
  }
  for (const auto& limit : contents.history.crossed_limits) {
    limits.push_back({{"at", seconds_at(limit.t, contents)},
                      {"what", shown_text(limit.what, caps.text())},
                      {"mib", number_or_null(limit.mib)},
                      {"process", number_or_null(processes.last_with(limit.pid))}});
  }
  return limits;
}

Json function_fields(const report::FunctionReport& report, const Caps& caps, Strings& strings) {
  const auto& calls = report.calls;
  Json fields;
  fields["name"] = strings.number_of(shown_text(report.function, caps.text()));
  fields["calls"] = calls.calls;
  fields["seconds"] = calls.seconds;
  fields["elapsed"] = calls.elapsed;
  fields["added_mib"] = mib_or_null(calls.added);
  fields["added_is_bound"] = calls.added && calls.added->at_most;
  fields["largest_mib"] = number_or_null(calls.largest_growth);
  fields["peak_mib"] = number_or_null(report.peak_mib());
  fields["estimated"] = calls.is_estimate;
  return fields;
}

Json functions_fields(const Contents& contents, const Caps& caps, Strings& strings) {
  const auto& functions = contents.functions;
  const auto shown = std::min(functions.size(), caps.functions());
  Json fields;
  fields["functions"] = Json::array();
  for (std::size_t i = 0; i < shown; ++i) {
    fields["functions"].push_back(function_fields(functions[i], caps, strings));
  }
  fields["functions_left_out"] = functions.size() - shown;
  return fields;
}

}  // namespace

std::string title_of(const Contents& contents, const PageRequest& request) {
  if (!request.title.empty()) return request.title;
  const auto& command = contents.history.command;
  return command.empty() ? contents.run.run.name : command;
}

Json document(const Contents& contents, const PageRequest& request, const Caps& caps,
              const Processes& processes, Strings& strings) {
  auto json = header_fields(contents, request, caps);
  json["peak"] = peak_fields(contents);
  json["samples"] = contents.peaks.statistics.samples;
  json["statistics"] = statistics_fields(contents.peaks.statistics);
  json["includes_children"] = contents.history.includes_children();
  json["losses"] = loss_fields(contents);
  json.update(processes_fields(contents, caps, processes));
  json.update(functions_fields(contents, caps, strings));
  json.update(marks_fields(contents, caps, processes));
  json["limits"] = limits_json(contents, request, caps, processes);
  json["leak"] = leak_json(contents, processes);
  json.update(lines_fields(contents, caps));
  return json;
}

}  // namespace mprofpp::page
