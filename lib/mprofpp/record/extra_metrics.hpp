#pragma once

#include <optional>
#include <vector>

#include "mprofpp/model/record.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/reading_rounds.hpp"

namespace mprofpp::record {

/// Metrics that are recorded beside the main one: those that were asked for, as often as they can be
/// afforded, and where RSS is summed over processes that may share pages, PSS at new highs of the sum.
class ExtraMetrics {
 public:
  explicit ExtraMetrics(const Options& options);

  /// Reads what there is time for until the next tick. `total` is the main metric's sum at this tick.
  void tick(const std::vector<proc::Member>& members, Bytes total, ReadingBudget::Stretch stretch);

  /// What this tick's MEM line has besides, and that of a process. A value stands there only when every
  /// process that it sums was read anew.
  const std::vector<model::Reading>& of_total() const { return of_total_; }
  std::vector<model::Reading> of(pid_t pid) const;
  /// The PSS among of_total().
  std::optional<Bytes> total_pss() const { return total_pss_; }

  /// What was asked for, and what it took.
  std::vector<MetricCost> costs() const;

 private:
  enum class When {
    affordable,  ///< somebody asked
    new_highs    ///< nobody did
  };
  struct Group {
    std::vector<proc::Metric> metrics;  ///< that one reading tells
    When when;
    ReadingRounds rounds;
    Bytes high;  ///< of the total, where a round began
    /// A round at a new high was followed by a second one there: the first may be from the midst of a fork,
    /// when the pages of those that it read had fewer sharers than in the end.
    bool confirmed = true;
  };

  void add_group(proc::Source source, When when, const Options& options);
  static bool is_wanted(const Group& group, std::size_t processes, Bytes total);
  static void read(Group& group, const Members& recorded, Bytes total);
  void take_total(const Group& group, const Members& summed);

  Children children_;
  std::vector<Group> groups_;
  std::vector<model::Reading> of_total_;
  std::optional<Bytes> total_pss_;
};

}  // namespace mprofpp::record
