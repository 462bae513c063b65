#include <algorithm>
#include <cmath>

#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

/// Heights at equal steps of time; layers are laid on top of one another.
class Pile {
 public:
  Pile(Range time, std::size_t steps) : time_(time), tops_(steps + 1, 0.0) {}

  double seconds(std::size_t step) const {
    return time_.low +
           time_.length() * static_cast<double>(step) / static_cast<double>(tops_.size() - 1);
  }
  std::size_t size() const { return tops_.size(); }

  /// A layer of these heights; what is unknown or negative has none.
  Area lay(const std::vector<double>& heights) {
    Area area;
    for (std::size_t i = 0; i < tops_.size(); ++i) {
      area.lower.push_back({seconds(i), tops_[i]});
      tops_[i] += std::fmax(heights[i], 0.0);
      area.upper.push_back({seconds(i), tops_[i]});
    }
    return area;
  }

  std::vector<double> heights_of(const analysis::Series& series) const {
    const auto strokes = series.strokes();
    std::vector<double> heights(tops_.size());
    for (std::size_t i = 0; i < heights.size(); ++i) {
      heights[i] = std::fmax(value_at(strokes, seconds(i)), 0.0);
    }
    return heights;
  }

 private:
  Range time_;
  std::vector<double> tops_;
};

std::string root_name(const analysis::History& history) {
  for (const auto& process : history.processes) {
    if (process.is_root) return process_name(process);
    if (process.series.empty() && !process.name.empty()) return process_name(process);
  }
  return "the recorded process";
}

void add_to(std::vector<double>& sum, const std::vector<double>& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

/// All but the recorded process.
std::vector<const analysis::ProcessHistory*> children_of(const analysis::History& history) {
  auto processes = by_peak(history);
  if (!processes.empty() && processes.front()->is_root) processes.erase(processes.begin());
  return processes;
}

/// The recorded process, if it has a curve of its own.
const analysis::ProcessHistory* root_of(const analysis::History& history) {
  const auto processes = by_peak(history);
  return !processes.empty() && processes.front()->is_root ? processes.front() : nullptr;
}

/// What MEM holds beyond the children: the recorded process itself.
std::vector<double> root_heights(const analysis::History& history, const Pile& pile,
                                 const std::vector<double>& children) {
  if (const auto* root = root_of(history)) return pile.heights_of(root->series);
  auto heights = pile.heights_of(history.total);
  if (history.children_exceed_total) return heights;
  for (std::size_t i = 0; i < heights.size(); ++i) heights[i] -= children[i];
  return heights;
}

void lay_named(Figure& figure, Pile& pile, const LegendRow& row,
               const std::vector<double>& heights) {
  auto area = pile.lay(heights);
  area.tooltip = row.name;
  area.hue = row.hue;
  area.dash = row.dash;
  area.opacity = row.hue.role == Hue::Role::rest ? 0.4 : 0.75;
  figure.areas.push_back(std::move(area));
  figure.legend.back().rows.push_back(row);
}

}  // namespace

void add_stack(Figure& figure, const Part& part) {
  const auto processes = children_of(part.history);
  if (processes.empty() || !(figure.time.length() > 0)) return;
  const auto named = std::min(processes.size(), part.wanted.max_series);
  Pile pile(figure.time, std::clamp<std::size_t>(part.history.grid.columns / 2, 1, 1000));
  std::vector<double> children(pile.size(), 0.0);
  std::vector<double> rest(pile.size(), 0.0);
  std::vector<std::vector<double>> heights;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    auto own = pile.heights_of(processes[i]->series);
    add_to(children, own);
    if (i < named)
      heights.push_back(std::move(own));
    else
      add_to(rest, own);
  }

  const auto* root = root_of(part.history);
  lay_named(figure, pile,
            {.symbol = Symbol::area,
             .hue = {Hue::Role::muted},
             .name = root_name(part.history),
             .cells = {root == nullptr ? "" : memory_text(peak_of(*root))}},
            root_heights(part.history, pile, children));
  for (std::size_t i = 0; i < named; ++i) {
    lay_named(figure, pile,
              {.symbol = Symbol::area,
               .hue = numbered(i),
               .dash = i < distinct_colours ? Dash::solid : Dash::dashed,
               .name = process_name(*processes[i]),
               .cells = {memory_text(peak_of(*processes[i]))}},
              heights[i]);
  }
  if (named == processes.size()) return;
  lay_named(figure, pile,
            {.symbol = Symbol::area,
             .hue = {Hue::Role::rest},
             .name = std::to_string(processes.size() - named) + " more",
             .cells = {"≤ " + memory_text(peak_of(*processes[named]))}},
            rest);
}

}  // namespace mprofpp::chart
