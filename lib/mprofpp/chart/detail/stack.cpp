#include <algorithm>
#include <optional>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/layers.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/detail/process_groups.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

std::string root_name(const analysis::History& history) {
  for (const auto& process : history.processes) {
    if (process.is_root) return process_name(process);
    if (process.series.empty() && !process.name.empty()) return process_name(process);
  }
  return "the recorded process";
}

LayerCurve curve_of(const analysis::ProcessHistory& process) {
  return {process.series.strokes(), process.held_until};
}

/// Whether a layer that has no height anywhere is named.
enum class Rows { of_visible, always };

/// A layer and its row of the legend.
struct Layer {
  LegendRow row;
  Heights heights;
  Rows rows = Rows::of_visible;
  /// After the last reading of a process that exited before the next one; empty for a metric.
  Heights held = {};
};

/// Makes the layers of the processes, from the lowest to the highest.
class ProcessLayers {
 public:
  ProcessLayers(const Part& part, Range time)
      : part_(part),
        total_(total_of(part.history)),
        named_(part.colours.named()),
        curves_(curves_of(named_, part.colours.others())),
        instants_(total_, curves_, time, part.history.grid.width()) {}

  std::vector<Layer> make() const {
    std::vector<Layer> layers = layers_of_curves();
    const bool has_root = !named_.empty() && named_.front()->is_root;
    if (!has_root) {
      auto root = remaining_heights(layers);
      const auto row = row_of_root(root);
      const Heights none(root.size());
      layers.insert(layers.begin(), {.row = row, .heights = std::move(root), .held = none});
    }
    add_held(layers);
    return layers;
  }

  const Instants& instants() const { return instants_; }
  const std::vector<Stroke>& total() const { return total_; }

 private:
  /// Returns the MEM line. Without one, the whole time is known.
  static std::vector<Stroke> total_of(const analysis::History& history) {
    if (!history.total.empty()) return history.total.strokes();
    return {{{history.first(), 0}, {history.last(), 0}}};
  }

  static std::vector<LayerCurve> curves_of(const Processes& named, const Processes& others) {
    std::vector<LayerCurve> curves;
    for (const auto* processes : {&named, &others}) {
      for (const auto* process : *processes) curves.push_back(curve_of(*process));
    }
    return curves;
  }

  std::vector<Layer> layers_of_curves() const {
    std::vector<Layer> layers;
    const Heights none(instants_.size());
    for (std::size_t i = 0; i < curves_.size(); ++i) {
      const bool is_other = i >= named_.size();
      if (!is_other || i == named_.size()) {
        layers.push_back({.row = is_other ? row_of_others() : row_of(*named_[i]),
                          .heights = none,
                          .held = none});
      }
      add_heights(layers.back().heights, instants_, curves_[i]);
      add_held_heights(layers.back().held, instants_, curves_[i]);
    }
    return layers;
  }

  /// Adds what the layers hold until exits. MEM is the sum at the readings, so they stay below it.
  void add_held(std::vector<Layer>& layers) const {
    Heights fixed(instants_.size()), held(instants_.size());
    for (const auto& layer : layers) {
      add_heights(fixed, layer.heights);
      add_heights(held, layer.held);
    }
    const bool is_sum = part_.history.includes_children() && !part_.history.total.empty();
    const auto ceilings = ceilings_of(is_sum ? total_ : std::vector<Stroke>{}, instants_);
    const auto shares = fitting_shares(fixed, held, ceilings);
    for (auto& layer : layers) {
      scale(layer.held, shares);
      add_heights(layer.heights, layer.held);
    }
  }

  /// Returns the heights of a recorded process without a curve of its own: MEM, or what MEM has above the
  /// sum of its children.
  Heights remaining_heights(const std::vector<Layer>& layers) const {
    const bool is_sum = part_.history.includes_children();
    Heights heights(instants_.size()), children(instants_.size());
    for (const auto& layer : layers) {
      add_heights(children, layer.heights);
      add_heights(children, layer.held);
    }
    add_heights(heights, instants_, {is_sum ? remainder_of(total_, instants_, children) : total_});
    return heights;
  }

  LegendRow row_of(const analysis::ProcessHistory& process) const {
    const auto look = part_.colours.of(process);
    return {.symbol = Symbol::area,
            .hue = look.hue,
            .dash = look.dash,
            .name = process_name(process),
            .title = process_title(process).size(),
            .cells = {memory_text(peak_of(process))}};
  }

  LegendRow row_of_root(const Heights& heights) const {
    double peak = 0;
    for (const auto& height : heights) peak = std::max(peak, height.at);
    return {.symbol = Symbol::area,
            .hue = {Hue::Role::muted},
            .name = root_name(part_.history),
            .cells = {memory_text(peak)}};
  }

  LegendRow row_of_others() const {
    const auto& others = part_.colours.others();
    return {.symbol = Symbol::area,
            .hue = {Hue::Role::rest},
            .name = std::to_string(others.size()) + " more",
            .cells = {"≤ " + memory_text(peak_of(*others.front()))}};
  }

  const Part& part_;
  std::vector<Stroke> total_;
  Processes named_;
  std::vector<LayerCurve> curves_;
  Instants instants_;
};

void add_layer(Figure& figure, const LegendRow& row, std::vector<Area> areas) {
  for (auto& area : areas) {
    area.tooltip = row.name;
    area.hue = row.hue;
    area.dash = row.dash;
    area.opacity = row.hue.role == Hue::Role::rest ? 0.4 : 0.75;
    figure.areas.push_back(std::move(area));
  }
}

/// Returns the highest point of a line between two times, and `otherwise` if it has none there.
Point highest_in(const std::vector<Stroke>& line, Range time, Point otherwise) {
  std::optional<Point> highest;
  for (const auto& stroke : line) {
    for (const auto& point : stroke) {
      if (time.contains(point.seconds) && (!highest || point.mib > highest->mib)) highest = point;
    }
  }
  return highest.value_or(otherwise);
}

/// The areas of layers and the line along their top.
std::vector<Stroke> add_layers(Figure& figure, const Part& part, const std::vector<Layer>& layers,
                               const Instants& instants, const std::vector<Stroke>& coverage) {
  std::vector<Heights> heights;
  for (const auto& layer : layers) heights.push_back(layer.heights);
  const auto runs = moments_of(instants, coverage, heights, 2 * part.history.grid.width());
  Heights top(instants.size());
  for (const auto& layer : layers) {
    auto areas = areas_of(instants, runs, top, layer.heights);
    if (!areas.empty() || layer.rows == Rows::always)
      figure.legend.back().rows.push_back(layer.row);
    add_layer(figure, layer.row, std::move(areas));
    add_heights(top, layer.heights);
  }
  return line_of(instants, runs, top);
}

/// Returns the times that two curves have in common, as lines of their ends.
std::vector<Stroke> overlap_of(const std::vector<Stroke>& a, const std::vector<Stroke>& b) {
  std::vector<Stroke> overlap;
  for (const auto& one : a) {
    for (const auto& other : b) {
      const double from = std::max(one.front().seconds, other.front().seconds);
      const double to = std::min(one.back().seconds, other.back().seconds);
      if (from <= to) overlap.push_back({{from, 0}, {to, 0}});
    }
  }
  return overlap;
}

/// Adds the top of the stack as the total. It is the sum of processes that have been read at different times
/// in a column of pixels, so the label of its peak is that of the exact MEM line.
void add_top(Figure& figure, const Part& part, std::vector<Stroke> top) {
  const auto& total = part.history.total;
  if (!part.history.includes_children()) {
    const auto peak = highest_in(top, figure.time, {});
    return add_heavy_line(
        figure, part,
        {{.weight = Weight::heavy,
          .name = "total (" + std::to_string(part.history.processes.size()) + " processes)",
          .cells = {memory_text(peak.mib)}},
         std::move(top),
         peak});
  }
  add_total(figure, part, {.weight = Weight::heavy, .name = total_name(part.history)});
  if (total.empty()) return;
  const auto peak = total.highest();
  const double width = part.history.grid.width();
  figure.peaks.front().at = highest_in(top, {peak.seconds - width, peak.seconds + width}, peak);
  figure.curves.back().strokes = std::move(top);
}

}  // namespace

void add_stack(Figure& figure, const Part& part) {
  const auto& processes = part.colours.named();
  const bool has_children = !processes.empty() && !(processes.size() == 1 && processes[0]->is_root);
  if (!has_children || !(figure.time.length() > 0)) {
    add_total(figure, part, {.weight = Weight::heavy, .name = total_name(part.history)});
    return;
  }
  const ProcessLayers process_layers(part, figure.time);
  add_top(figure, part,
          add_layers(figure, part, process_layers.make(), process_layers.instants(),
                     process_layers.total()));
}

void add_metric_stack(Figure& figure, const Part& part) {
  const auto& metrics = part.options.total_metrics;
  std::vector<LayerCurve> curves;
  for (const auto metric : metrics) {
    curves.push_back({part.history.total_in(metric)->strokes()});
  }
  auto coverage = curves.front().strokes;
  for (const auto& curve : curves) coverage = overlap_of(coverage, curve.strokes);
  const Instants instants(coverage, curves, figure.time, part.history.grid.width());
  std::vector<Layer> layers;
  std::string sum;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const std::string name(model::name_of(metrics[i]));
    sum += (i == 0 ? "" : " + ") + name;
    const auto& series = *part.history.total_in(metrics[i]);
    layers.push_back({{.symbol = Symbol::area,
                       .hue = numbered(i),
                       .name = name,
                       .cells = {series.empty() ? "" : memory_text(series.highest().mib)}},
                      Heights(instants.size()),
                      Rows::always});
    add_heights(layers.back().heights, instants, curves[i]);
  }
  auto top = add_layers(figure, part, layers, instants, coverage);
  if (top.empty()) return;
  const auto peak = highest_in(top, figure.time, {});
  figure.memory_name = "memory";
  add_heavy_line(figure, part,
                 {{.weight = Weight::heavy, .name = sum, .cells = {memory_text(peak.mib)}},
                  std::move(top),
                  peak});
}

}  // namespace mprofpp::chart
