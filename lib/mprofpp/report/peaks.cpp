#include "mprofpp/report/peaks.hpp"

#include <utility>

#include "mprofpp/report/detail/amounts.hpp"
#include "mprofpp/report/detail/json.hpp"
#include "mprofpp/report/detail/losses.hpp"

namespace mprofpp::report {
namespace {

using analysis::PeakReport;
using Certainty = analysis::BestPeak::Certainty;

std::optional<double> best_mib(const PeakReport& report) {
  const auto best = report.best();
  return best ? std::optional(best->mib) : std::nullopt;
}

Json maximum_fields(const std::optional<analysis::TimedValue>& sampled,
                    const std::optional<analysis::KernelMaximum>& kernel, Instant start) {
  Json fields;
  fields["sampled_mib"] = mib_or_null(sampled);
  fields["sampled_at_s"] = sampled ? Json(to_seconds(sampled->t - start)) : Json(nullptr);
  fields["kernel_mib"] = mib_or_null(kernel);
  fields["kernel_source"] = kernel ? Json(name_of(kernel->source)) : Json(nullptr);
  return fields;
}

Json metric_fields(const std::vector<analysis::MetricPeak>& metrics, Instant start) {
  Json fields = Json::object();
  for (const auto& peak : metrics) {
    Json metric;
    metric["peak_mib"] = peak.sampled.mib;
    metric["at_s"] = to_seconds(peak.sampled.t - start);
    metric["readings"] = peak.readings;
    if (peak.cost) metric["cost_s"] = *peak.cost;
    fields[std::string(name_of(peak.metric))] = std::move(metric);
  }
  return fields;
}

Json statistics_fields(const analysis::Statistics& statistics) {
  constexpr double hour = 3600;
  Json fields;
  fields["mean_mib"] = rounded_or_null(statistics.mean_mib);
  fields["end_mib"] = number_or_null(statistics.end_mib);
  fields["duration_s"] = to_seconds(statistics.duration);
  fields["samples"] = statistics.samples;
  const auto slope =
      statistics.per_second ? std::optional(*statistics.per_second * hour) : std::nullopt;
  fields["slope_mib_per_hour"] = rounded_or_null(slope);
  fields["growth_mib"] = rounded_or_null(statistics.growth_mib);
  return fields;
}

Json process_fields(const analysis::ProcessPeak& process, const PeakReport& report) {
  Json fields;
  fields["pid"] = process.id.pid;
  fields["start"] = process.id.start;
  fields["parent"] = process.parent;
  fields["name"] = process.name;
  fields["command"] = process.command;
  fields["other_commands"] = process.titles.other_titles();
  fields["root"] = process.is_root;
  fields["first_seen_s"] = to_seconds(process.first_seen - report.start);
  fields["last_seen_s"] = to_seconds(process.last_seen - report.start);
  fields.update(maximum_fields(process.sampled, process.kernel, report.start));
  fields["mem_percent"] = number_or_null(report.percent(process.best_mib()));
  fields["vsz_mib"] = number_or_null(process.vms);
  fields["metrics"] = metric_fields(process.metrics, report.start);
  return fields;
}

Json as_json(const RecordedRun& run, const PeakReport& report) {
  Json json;
  json["schema"] = 1;
  json["file"] = run.name;
  json["run"] = run.number;
  json["runs"] = run.runs.size();
  json["metric"] = name_of(report.metric);
  const auto best = report.best();
  json["peak_mib"] = mib_or_null(best);
  json["peak_is_lower_bound"] = best && best->certainty == Certainty::at_least;
  json.update(maximum_fields(report.sampled, report.kernel, report.start));
  json["largest_process_mib"] = mib_or_null(report.largest);
  json["host_memory_mib"] = number_or_null(report.host_memory);
  json["mem_percent"] = number_or_null(report.percent(best_mib(report)));
  json["vsz_mib"] = number_or_null(report.vms);
  json["metrics"] = metric_fields(report.metrics, report.start);
  json.update(statistics_fields(report.statistics));
  json["losses"] = loss_fields(report.losses);
  json["damaged_lines"] = report.damaged_lines;
  json["processes"] = Json::array();
  for (const auto& process : report.processes) {
    json["processes"].push_back(process_fields(process, report));
  }
  return json;
}

std::string statistics_text(const analysis::Statistics& statistics) {
  std::string text = "  mean " + (statistics.mean_mib ? exact_mib(*statistics.mean_mib) : "-");
  text += ", at the end " + (statistics.end_mib ? exact_mib(*statistics.end_mib) : "-");
  text += ", " + std::to_string(statistics.samples);
  text += statistics.samples == 1 ? " sample" : " samples in " + readable(statistics.duration);
  if (statistics.per_second) {
    text += ", " + slope_text(*statistics.per_second, statistics.duration);
  }
  if (statistics.growth_mib) {
    text += ", " + growth_text(*statistics.growth_mib) + " from the first minute to the last";
  }
  return text + "\n";
}

std::string details_text(const PeakReport& report) {
  std::string text = statistics_text(report.statistics);
  if (const auto percent = report.percent(best_mib(report))) {
    text += "  " + fixed(*percent, 1) + " % of the machine's " + memory_text(*report.host_memory) +
            "\n";
  }
  if (report.vms) text += "  VSZ " + exact_mib(*report.vms) + "\n";
  for (const auto& peak : report.metrics) {
    if (peak.metric == model::Metric::vms) continue;
    text += "  " + std::string(name_of(peak.metric)) + " " + exact_mib(peak.sampled.mib) + " at " +
            readable_moment(peak.sampled.t - report.start) + ", " + std::to_string(peak.readings) +
            (peak.readings == 1 ? " reading" : " readings");
    if (peak.cost) text += ", " + readable(*duration_from_seconds(*peak.cost)) + " each";
    text += "\n";
  }
  return text;
}

}  // namespace

Result<PeakReport> read_peaks(const RecordedRun& run, const analysis::Window& window) {
  analysis::PeakFold fold(window);
  if (auto done = read(run, fold); !done) return Failure(std::move(done.error()));
  return fold.report();
}

std::string peaks_text(const RecordedRun& run, const PeakReport& report, Detail detail) {
  const auto best = *report.best();
  std::string text = run.name + "\t" + exact_mib(best.mib) + "\n";
  text += "  sampled " + exact_mib(report.sampled->mib) + " at " +
          readable_moment(report.sampled->t - report.start);
  if (report.kernel) text += ", kernel " + exact_mib(report.kernel->mib);
  if (report.largest) text += ", largest single process " + exact_mib(report.largest->mib);
  if (best.certainty == Certainty::at_least) text += ": the tree had at least that much";
  text += "\n";
  text += losses_text(report.losses);
  if (detail == Detail::all) text += details_text(report);
  for (const auto& process : report.processes) {
    if (process.is_root || !process.sampled) continue;
    const auto pid = std::to_string(process.id.pid);
    text += "  Child " + pid + "\t\t\t" + exact_mib(*process.best_mib()) + "\n";
  }
  return text;
}

std::string peaks_json(const RecordedRun& run, const PeakReport& report) {
  return to_text(as_json(run, report));
}

}  // namespace mprofpp::report
