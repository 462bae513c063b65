#pragma once

#include <functional>
#include <utility>

#include "mprofpp/chart/build.hpp"
#include "support/made_up.hpp"

/// Figures of made-up recordings.
namespace mprofpp::test {

using Teller = std::function<void(model::Sink&)>;

inline analysis::History history_of(const Teller& tell, analysis::Grid grid) {
  analysis::HistoryFold fold(grid);
  tell(fold);
  return fold.finish();
}

inline analysis::History history_of(const Teller& tell) {
  return history_of(tell, {after(0), after(0), after(50), 1200, analysis::Grid::Outside::widen});
}

inline chart::Figure figure_of(const Teller& tell, const chart::Wanted& wanted = {}) {
  std::vector<chart::Source> sources;
  sources.push_back({history_of(tell), "label"});
  return chart::build(sources, wanted);
}

}  // namespace mprofpp::test
