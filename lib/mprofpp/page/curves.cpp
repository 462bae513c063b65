#include "mprofpp/page/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mprofpp/page/units.hpp"

namespace mprofpp::page {
namespace {

Json strokes_json(const analysis::Series& series, Arrays& arrays) {
  using analysis::Point;
  auto strokes = Json::array();
  for (const auto& stroke : series.strokes(analysis::LevelSamples::all)) {
    Json json;
    json["t"] = arrays.add_deltas(stroke, micro, [](Point p) { return microseconds(p.seconds); });
    json["v"] = arrays.add_deltas(stroke, kib, [](Point p) { return kibibytes(p.mib); });
    strokes.push_back(std::move(json));
  }
  return strokes;
}

}  // namespace

Curves::Curves(Contents& contents, const Processes& processes) {
  constexpr double largest_weight = 16;
  const auto count = static_cast<double>(processes.shown().size());
  add_totals(contents, std::clamp(std::sqrt(count), 1.0, largest_weight));
  auto& main = contents.history;
  add_processes(main, main.settings.metric.value_or(main.own_metric), processes);
  for (auto& other : contents.others) {
    if (other.settings.metric) add_processes(other, *other.settings.metric, processes);
  }
}

void Curves::add_totals(Contents& contents, double weight) {
  auto& history = contents.history;
  if (!history.total.empty()) {
    curves_.push_back({std::nullopt, history.own_metric, &history.total, weight});
  }
  for (auto& [metric, series] : history.other_metrics) {
    if (!series.empty()) curves_.push_back({std::nullopt, metric, &series, weight});
  }
}

void Curves::add_processes(analysis::History& history, model::Metric metric,
                           const Processes& processes) {
  for (auto& process : history.processes) {
    const auto number = processes.number_of(process.id);
    if (number && !process.series.empty()) {
      curves_.push_back({number, metric, &process.series, 1});
    }
  }
}

std::size_t Curves::points() const {
  std::size_t sum = 0;
  for (const auto& curve : curves_) sum += curve.series->kept();
  return sum;
}

/// Returns the two smallest costs of curves that can be thinned out.
std::pair<double, double> Curves::finest_costs() const {
  constexpr double equal = 1.001;
  constexpr double none = std::numeric_limits<double>::infinity();
  std::pair costs{none, none};
  for (const auto& curve : curves_) {
    if (!curve.can_be_thinned()) continue;
    const double cost = curve.cost();
    if (cost < costs.first / equal) {
      costs.second = std::exchange(costs.first, cost);
    } else if (cost > costs.first * equal) {
      costs.second = std::min(costs.second, cost);
    }
  }
  return costs;
}

void Curves::thin_out(std::size_t most) {
  constexpr double largest_factor = 64;
  const auto wanted = static_cast<double>(std::max(most, std::size_t{1}));
  for (auto now = points(); now > most; now = points()) {
    const auto [finest, next] = finest_costs();
    if (std::isinf(finest)) return;
    const double excess = std::min(static_cast<double>(now) / wanted, next / finest);
    const auto factor = whole(std::clamp(std::ceil(excess), 2.0, largest_factor));
    for (auto& curve : curves_) {
      if (curve.can_be_thinned() && curve.cost() < next) curve.series->coarsen(factor);
    }
  }
}

bool Curves::has_all() const {
  return !widest_column();
}

std::optional<double> Curves::widest_column() const {
  std::optional<double> widest;
  for (const auto& curve : curves_) {
    if (curve.series->has_all()) continue;
    widest = std::max(widest.value_or(0), curve.series->column_width());
  }
  return widest;
}

Json Curves::json(Arrays& arrays) const {
  const auto widest = widest_column();
  Json json;
  json["resolution"] = {{"kind", widest ? "columns" : "all"}, {"seconds", nullptr}};
  if (widest) json["resolution"]["seconds"] = *widest;
  json["series"] = Json::array();
  for (const auto& curve : curves_) {
    Json series;
    series["process"] = curve.process ? Json(*curve.process) : Json(nullptr);
    series["metric"] = name_of(curve.metric);
    series["column"] = curve.series->has_all() ? 0 : curve.series->column_width();
    series["strokes"] = strokes_json(*curve.series, arrays);
    json["series"].push_back(std::move(series));
  }
  return json;
}

}  // namespace mprofpp::page
