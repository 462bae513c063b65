#pragma once

#include <functional>
#include <utility>

#include "mprofpp/chart/build.hpp"
#include "support/made_up.hpp"

/// Figures of made-up recordings.
namespace mprofpp::test {

using Feeder = std::function<void(model::Sink&)>;

inline analysis::History history_of(const Feeder& feed, analysis::Grid grid) {
  analysis::HistoryFold fold(grid);
  feed(fold);
  return fold.finish();
}

inline analysis::History history_of(const Feeder& feed) {
  return history_of(feed, {after(0), after(0), after(50), 1200, analysis::Grid::Outside::widen});
}

inline chart::Figure figure_of(const Feeder& feed, const chart::ChartOptions& options = {}) {
  std::vector<chart::Source> sources;
  sources.push_back({history_of(feed), "label"});
  return chart::build(sources, options);
}

}  // namespace mprofpp::test
