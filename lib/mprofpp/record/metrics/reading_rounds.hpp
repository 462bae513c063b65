#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/metrics/reading_budget.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

using Members = std::vector<const proc::Member*>;

/// Reads a file in /proc of every process again and again, as far as its budget allows. A round is one
/// reading of each process and takes as many ticks as necessary. The expected cost of a reading is the CPU
/// time of the last reading of that process; before the first one it is estimated from the size of the
/// process, on the high side. The budget is charged with the time that passed.
class ReadingRounds {
 public:
  ReadingRounds(proc::MetricSource source, ReadingBudget budget)
      : source_(source), budget_(budget) {}

  using Payment = ReadingBudget::Payment;

  /// Must be called at the start of each tick.
  void begin_tick(ReadingBudget::TickTime time, Payment payment = Payment::savings);
  bool is_under_way() const { return under_way_; }
  /// Starts a round unless one is under way. A round that can fit into a single tick starts only when the
  /// budget allows all of it, because the parts of a sum are best read at the same time.
  void begin(const Members& members);
  /// Gives up the current round.
  void abandon() { under_way_ = false; }
  /// Continues the round in the rest of the tick. `members` are all processes that exist now.
  void read(const Members& members);

  /// Returns true if any process was read at this tick.
  bool has_fresh() const { return last_read_at_ == tick_; }
  /// Returns the values of a process that were read at this tick; null if it was not read.
  const proc::Amounts* fresh(pid_t pid) const;
  /// Returns the sum at the tick that completed it: each of `members` was read in this round, and the last
  /// of them at this tick.
  std::optional<proc::Amounts> fresh_sum(const Members& members) const;

  ReadingCost cost() const;
  /// Returns the expected cost of reading each of these processes once.
  Duration expected_cost(const Members& members) const;

 private:
  /// The last reading of a process.
  struct LastReading {
    model::ProcessId id;
    std::uint64_t round = 0;  ///< the last round in which it was its turn
    std::uint64_t tick = 0;   ///< the tick at which it was read; 0 if it could not be read
    proc::Amounts amounts;
    Duration cost{};  ///< 0 before the first reading
    Bytes size;       ///< the size of the process at that reading
  };

  const LastReading* find(const proc::Member& member) const;
  LastReading& reading_of(const proc::Member& member);
  Duration expected_cost(const proc::Member& member) const;
  /// The process was read, was skipped in this round, or has to wait for another tick.
  enum class Turn { had, passed, put_off };
  Turn take_turn(const proc::Member& member);
  void read(const proc::Member& member, LastReading& last);
  void finish();

  proc::MetricSource source_;
  ReadingBudget budget_;
  Payment payment_ = Payment::savings;  ///< in this tick
  std::unordered_map<pid_t, LastReading> last_readings_;
  std::uint64_t round_ = 0;
  std::uint64_t tick_ = 0;
  std::uint64_t last_read_at_ = 0;  ///< number of the last tick at which any process was read
  bool under_way_ = false;
  bool read_any_ = false;  ///< in this round
  Duration spent_{};       ///< in this round
  ReadingCost cost_;       ///< of the finished rounds; `gap` and `each` are sums here, not means
  ReadingBudget::Time first_finished_{};
};

}  // namespace mprofpp::record
