#include "peak_report.hpp"

#include "console.hpp"
#include "figures.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {
namespace {

using analysis::PeakReport;
using Certainty = analysis::BestPeak::Certainty;

std::optional<double> best_mib(const PeakReport& report) {
  const auto best = report.best();
  return best ? std::optional(best->mib) : std::nullopt;
}

Json maximum_fields(const std::optional<analysis::Maximum>& sampled,
                    const std::optional<analysis::KernelMaximum>& kernel, Instant start) {
  Json fields;
  fields["sampled_mib"] = sampled ? Json(sampled->mib) : Json(nullptr);
  fields["sampled_at_s"] = sampled ? Json(to_seconds(sampled->t - start)) : Json(nullptr);
  fields["kernel_mib"] = kernel ? Json(kernel->mib) : Json(nullptr);
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
    fields[peak.metric] = std::move(metric);
  }
  return fields;
}

Json as_json(const std::string& file, const PeakReport& report) {
  Json json;
  json["schema"] = 1;
  json["file"] = file;
  json["metric"] = report.metric;
  const auto best = report.best();
  json["peak_mib"] = best ? Json(best->mib) : Json(nullptr);
  json["peak_is_lower_bound"] = best && best->certainty == Certainty::at_least;
  json.update(maximum_fields(report.sampled, report.kernel, report.start));
  json["largest_process_mib"] = report.largest ? Json(report.largest->mib) : Json(nullptr);
  json["host_memory_mib"] = number_or_null(report.host_memory);
  json["mem_percent"] = number_or_null(report.percent(best_mib(report)));
  json["vsz_mib"] = number_or_null(report.vms);
  json["metrics"] = metric_fields(report.metrics, report.start);
  json["damaged_lines"] = report.damaged_lines;
  json["processes"] = Json::array();
  for (const auto& process : report.processes) {
    Json fields;
    fields["pid"] = process.id.pid;
    fields["start"] = process.id.start;
    fields["parent"] = process.parent;
    fields["name"] = process.name;
    fields["command"] = process.command;
    fields["root"] = process.is_root;
    fields["first_seen_s"] = to_seconds(process.first_seen - report.start);
    fields["last_seen_s"] = to_seconds(process.last_seen - report.start);
    fields.update(maximum_fields(process.sampled, process.kernel, report.start));
    fields["mem_percent"] = number_or_null(report.percent(process.best_mib()));
    fields["vsz_mib"] = number_or_null(process.vms);
    fields["metrics"] = metric_fields(process.metrics, report.start);
    json["processes"].push_back(std::move(fields));
  }
  return json;
}

std::string details_text(const PeakReport& report) {
  std::string text;
  if (const auto percent = report.percent(best_mib(report))) {
    text += "  %MEM " + fixed(*percent, 1) + " of " +
            readable(Bytes::from_mebibytes(*report.host_memory)) + "\n";
  }
  if (report.vms) text += "  VSZ " + mib(*report.vms) + "\n";
  for (const auto& peak : report.metrics) {
    if (peak.metric == "vms") continue;
    text += "  " + visible(peak.metric) + " " + mib(peak.sampled.mib) + " at " +
            readable_moment(peak.sampled.t - report.start) + ", " + std::to_string(peak.readings) +
            (peak.readings == 1 ? " reading" : " readings");
    if (peak.cost) text += ", " + readable(*duration_from_seconds(*peak.cost)) + " each";
    text += "\n";
  }
  return text;
}

}  // namespace

std::string as_text(const std::string& file, const PeakReport& report, Detail detail) {
  const auto best = *report.best();
  std::string text = file + "\t" + mib(best.mib) + "\n";
  text += "  sampled " + mib(report.sampled->mib) + " at " +
          readable_moment(report.sampled->t - report.start);
  if (report.kernel) text += ", kernel " + mib(report.kernel->mib);
  if (report.largest) text += ", largest single process " + mib(report.largest->mib);
  if (best.certainty == Certainty::at_least) text += ": the tree had at least that";
  text += "\n";
  if (detail == Detail::all) text += details_text(report);
  for (const auto& process : report.processes) {
    if (process.is_root || !process.sampled) continue;
    text +=
        "  Child " + std::to_string(process.id.pid) + "\t\t\t" + mib(*process.best_mib()) + "\n";
  }
  return text;
}

std::string as_json_line(const std::string& file, const PeakReport& report) {
  return as_line(as_json(file, report));
}

}  // namespace mprofpp::app
