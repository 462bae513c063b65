#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/reading_budget.hpp"

namespace mprofpp::record {

using Members = std::vector<const proc::Member*>;

/// Reads one file of /proc of every process, again and again, as far as its budget goes: a round is one
/// reading of each, and takes as many ticks as it must. What a reading will take is what the last one
/// of that process did, in CPU time; before its first one it is guessed from its size, rather too high. What
/// the budget is charged with is the time that passed.
class ReadingRounds {
 public:
  ReadingRounds(proc::Source source, ReadingBudget budget) : source_(source), budget_(budget) {}

  /// Each tick begins with this.
  void begin_tick(ReadingBudget::Stretch stretch);
  bool is_under_way() const { return under_way_; }
  /// Begins a round, if none is under way. One that fits into a single tick waits until it does: the
  /// parts of a sum are best read at the same time.
  void begin(const Members& members);
  /// Goes on with the round, in what is left of the tick. `members` are all there are now.
  void read(const Members& members);

  /// What was read of a process at this tick; null when it was not its turn.
  const proc::Amounts* fresh(pid_t pid) const;
  /// The sum, at the tick that made it complete: each of `members` was read in this round, the last of
  /// them at this tick.
  std::optional<proc::Amounts> fresh_sum(const Members& members) const;

  ReadingCost cost() const;

 private:
  struct Known {
    model::ProcessId id;
    std::uint64_t round = 0;  ///< in which its turn was last
    std::uint64_t tick = 0;   ///< at which it was read; 0 when it could not be
    proc::Amounts amounts;
    Duration cost{};  ///< 0 before its first reading
    Bytes size;       ///< then
  };

  const Known* find(const proc::Member& member) const;
  Known& known(const proc::Member& member);
  Duration expected_cost(const proc::Member& member) const;
  enum class Turn { had, passed, put_off };
  Duration expected_cost(const Members& members) const;
  Turn take_turn(const proc::Member& member);
  void read(const proc::Member& member, Known& known);
  void finish();

  proc::Source source_;
  ReadingBudget budget_;
  std::unordered_map<pid_t, Known> known_;
  std::uint64_t round_ = 0;
  std::uint64_t tick_ = 0;
  bool under_way_ = false;
  bool read_any_ = false;  ///< in this round
  Duration spent_{};       ///< in this round
  ReadingCost cost_;       ///< of those that were finished: `gap` and `each` of all together
  ReadingBudget::Time first_finished_{};
};

}  // namespace mprofpp::record
