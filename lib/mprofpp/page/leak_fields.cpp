#include "mprofpp/page/leak_fields.hpp"

#include "mprofpp/leak/trend.hpp"
#include "mprofpp/leak/words.hpp"
#include "mprofpp/page/values.hpp"
#include "mprofpp/report/leaks.hpp"

namespace mprofpp::page {
namespace {

using leak::Stretch;
using leak::Verdict;

/// Returns the line of the slope through the floors. It passes through the median of what is left of the
/// floors without the slope (Sen 1968), and the lines of the interval turn around the middle of the floors.
Json line_json(const Stretch& stretch, double start) {
  const double middle = (stretch.from + stretch.to) / 2;
  const double half = stretch.length() / 2;
  const auto& slope = stretch.slope;
  std::vector<double> levels;
  for (const auto& floor : stretch.floors) {
    levels.push_back(floor.mib - slope.middle * (floor.seconds - middle));
  }
  const double level = leak::median(std::move(levels));
  return {{"t0", stretch.from - start},
          {"v0", number_or_null(level - slope.middle * half)},
          {"t1", stretch.to - start},
          {"v1", number_or_null(level + slope.middle * half)},
          {"low1", number_or_null(level + slope.low * half)},
          {"high1", number_or_null(level + slope.high * half)}};
}

Json floors_json(const Stretch& stretch, double start) {
  auto floors = Json::array();
  for (const auto& floor : stretch.floors) floors.push_back({floor.seconds - start, floor.mib});
  return floors;
}

}  // namespace

Json leak_json(const Contents& contents, const Processes& processes) {
  const auto& report = contents.leak;
  if (report.samples == 0 || report.metrics.empty()) return nullptr;
  const auto& judgement = report.deciding().judgement;
  const double start = to_seconds(contents.history.grid.origin);
  const auto* process = report.process();
  const auto& stretch = judgement.stretch;
  Json json;
  json["verdict"] = name_of(judgement.verdict);
  json["words"] = leak::verdict_text(judgement, report.extent());
  json["lines"] = report::leak_details(report);
  json["metric"] = name_of(report.deciding().metric);
  json["process"] = process ? number_or_null(processes.number_of(process->id)) : Json(nullptr);
  json["floors"] = stretch ? floors_json(*stretch, start) : Json::array();
  const bool has_line = stretch && judgement.verdict != Verdict::steady;
  json["line"] = has_line ? line_json(*stretch, start) : Json(nullptr);
  json["steps"] = Json::array();
  for (const auto& step : judgement.steps) {
    json["steps"].push_back({{"at", step.seconds - start}, {"mib", step.mib}});
  }
  json["level_mib"] = number_or_null(judgement.level_mib);
  return json;
}

}  // namespace mprofpp::page
