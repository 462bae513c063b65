#pragma once

#include <sys/types.h>

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/detail/process_groups.hpp"
#include "mprofpp/chart/figure.hpp"

namespace mprofpp::chart {

/// The colours of processes: distinct ones, or greys next to things that have colours for another reason.
enum class ProcessHues { distinct, grey };

/// Decides which processes of a recording have a colour: those with the highest peaks, those that are drawn
/// alone, and one of each group, which has its colour. A process has the same colour in every view of its
/// recording. A colour depends on the processes before it in the file that are drawn, so it nearly always
/// stays when a longer recording has more of them.
class ProcessColours {
 public:
  /// The colour of a process. After the last colour they repeat with dashed lines.
  struct Look {
    Hue hue = {Hue::Role::rest};
    Dash dash = Dash::solid;
  };

  /// At most `max_series` processes are named; one more if that names all.
  ProcessColours(const analysis::History& history, std::size_t max_series,
                 ProcessHues hues = ProcessHues::distinct);

  /// Return the processes that have a curve, those that are named and the others: the root first, then by
  /// descending peak.
  const Processes& named() const { return named_; }
  const Processes& others() const { return others_; }

  /// Returns the processes as the view of lines draws them.
  const ProcessGrouping& grouping() const { return grouping_; }

  Look of(const analysis::ProcessHistory& process) const;
  /// Returns the colour of the named process that had that pid last; that of the rest if there is none.
  Hue of_pid(pid_t pid) const;

 private:
  Processes named_;
  Processes others_;
  ProcessGrouping grouping_;
  std::unordered_map<const analysis::ProcessHistory*, Look> looks_;
  std::unordered_map<pid_t, Hue> by_pid_;
};

}  // namespace mprofpp::chart
