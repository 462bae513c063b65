#pragma once

#include <optional>
#include <vector>

#include "mprofpp/model/record.hpp"
#include "mprofpp/record/metrics/high_watch.hpp"
#include "mprofpp/record/metrics/reading_rounds.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

/// Reads the metrics that are recorded in addition to the main one. Requested metrics are read as often as
/// the budget allows. If RSS is summed over processes, which may share pages, PSS is read at new highs of
/// the sum. A reading at a high may exceed the budget; it is paid back by fewer readings afterwards.
class ExtraMetrics {
 public:
  explicit ExtraMetrics(const Options& options);

  /// Reads as much as there is time for until the next tick. `total` is the main metric's sum at this tick.
  void tick(const std::vector<proc::Member>& members, Bytes total, ReadingBudget::TickTime time);

  /// Returns the additional values for this tick's MEM line. A value is present only if every process that
  /// it sums was read in this round.
  const std::vector<model::Reading>& of_total() const { return of_total_; }
  /// Returns the additional values for this tick's line of a process.
  std::vector<model::Reading> of(pid_t pid) const;
  /// Returns the PSS of the tree if RSS is summed and this tick completed a round in which the tree kept
  /// its size.
  std::optional<Bytes> total_pss() const { return total_pss_; }
  /// Returns the reason why total_pss() never had a value, if it had none.
  UnknownSharing why_unknown() const;

  /// Returns the requested metrics and what they have cost.
  std::vector<MetricGroupCost> costs() const;

 private:
  /// When the metrics of a group are read.
  enum class When {
    affordable,  ///< as often as the budget allows: the user requested them
    new_highs    ///< only at new highs of the sum: they were not requested
  };
  struct Group {
    std::vector<model::Metric> metrics;  ///< metrics that one reading provides together
    When when;
    ReadingRounds rounds;
    std::optional<HighWatch> highs;  ///< set if PSS is read in addition to a sum of RSS
    /// How the current round is paid for.
    ReadingRounds::Payment payment = ReadingRounds::Payment::savings;
    Duration takes{};  ///< the expected cost of the last round, estimated at its start
  };

  void add_group(proc::MetricSource source, When when, const Options& options);
  static HighWatch::Need need_of(const Group& group, std::size_t processes, Bytes total);
  static bool begin_tick(Group& group, HighWatch::Need need, ReadingBudget::TickTime time);
  static void begin_round(Group& group, const Members& recorded, Bytes total);
  void read(Group& group, const Members& recorded, const Members& summed, Bytes total);

  Children children_;
  std::vector<Group> groups_;
  std::vector<model::Reading> of_total_;
  std::optional<Bytes> total_pss_;
};

}  // namespace mprofpp::record
