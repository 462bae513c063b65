#include <algorithm>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

Panel panel_of(const analysis::Series& series, const LegendRow& look) {
  return {.name = look.name,
          .title = look.title,
          .value = look.cells.front(),
          .tooltip = look.name + " · peak " + look.cells.front(),
          .hue = look.hue,
          .dash = look.dash,
          .strokes = series.strokes(),
          .peak = series.highest()};
}

}  // namespace

void add_process_panels(Figure& figure, const Part& part) {
  const auto processes = by_peak(part.history);
  const auto shown = std::min(processes.size(), part.options.max_panels);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& process = *processes[i];
    const auto look = part.colours.of(process);
    figure.panels.push_back(panel_of(process.series, {.hue = look.hue,
                                                      .dash = look.dash,
                                                      .name = short_process_name(process),
                                                      .title = process_title(process).size(),
                                                      .cells = {memory_text(peak_of(process))}}));
  }
  figure.panels_left_out = processes.size() - shown;
  if (!figure.panels.empty()) return;
  const auto& total = part.history.total;
  const auto peak = memory_text(total.highest().mib);
  figure.panels.push_back(panel_of(total, {.name = total_name(part.history), .cells = {peak}}));
}

void add_recording_panels(Figure& figure, const std::vector<Source>& sources, std::size_t most) {
  for (std::size_t i = 0; i < std::min(sources.size(), most); ++i) {
    const auto& total = sources[i].history.total;
    if (total.empty()) continue;
    figure.panels.push_back(panel_of(total, {.hue = numbered(i),
                                             .name = one_line(sources[i].label),
                                             .cells = {memory_text(total.highest().mib)}}));
  }
  figure.panels_left_out = sources.size() - std::min(sources.size(), most);
}

}  // namespace mprofpp::chart
