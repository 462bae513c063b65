#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "mprofpp/analysis/series.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/page/arrays.hpp"
#include "mprofpp/page/contents.hpp"
#include "mprofpp/page/processes.hpp"

namespace mprofpp::page {

/// The curves of a page: the total and the processes, in all metrics.
class Curves {
 public:
  /// Takes the series of `contents`, which it thins out and which outlives it.
  Curves(Contents& contents, const Processes& processes);

  /// Returns the number of points of all curves.
  std::size_t points() const;
  /// Widens columns until there are about `most` points in all. The first, lowest, highest and last sample of
  /// each column stay. The total keeps finer columns than many processes do.
  void thin_out(std::size_t most);
  /// True if every sample of every curve is kept.
  bool has_all() const;
  /// Returns the seconds of the widest columns that lack samples; nothing if none does.
  std::optional<double> widest_column() const;

  /// Appends the points of all curves and returns the fields of JSON that refer to them.
  Json json(Arrays& arrays) const;

 private:
  struct Curve {
    std::optional<std::size_t> process;  ///< nothing: the total
    model::Metric metric;
    analysis::Series* series;
    double weight;  ///< columns may be so much wider than those of a curve of weight 1 are narrow

    double cost() const { return series->column_width() * weight; }
    bool can_be_thinned() const { return series->columns() > fewest_columns; }
  };
  static constexpr std::size_t fewest_columns = 8;

  std::pair<double, double> finest_costs() const;

  void add_totals(Contents& contents, double weight);
  void add_processes(analysis::History& history, model::Metric metric, const Processes& processes);

  std::vector<Curve> curves_;
};

}  // namespace mprofpp::page
