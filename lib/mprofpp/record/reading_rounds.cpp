#include "mprofpp/record/reading_rounds.hpp"

#include <time.h>

#include <algorithm>

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Time that the kernel spent for us: a reading that somebody else's work interrupted is not a dear one.
Duration cpu_time() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

/// Of a process of this size that was not read yet. Walking a MiB of small pages takes about 8 µs.
Duration guessed_cost(proc::Source source, Bytes size) {
  if (source == proc::Source::status) return 20us;
  return 60us + Duration(static_cast<Duration::rep>(size.mebibytes() * 12'000));
}

/// The largest that it was known to be: proportional and unique sizes tell little of the pages to walk.
Bytes size_of(const proc::Member& member) {
  return std::max(member.used, member.kernel_peak);
}

}  // namespace

void ReadingRounds::begin_tick(ReadingBudget::Stretch stretch) {
  ++tick_;
  budget_.begin_tick(Steady::now(), stretch);
}

void ReadingRounds::begin(const Members& members) {
  if (under_way_) return;
  const auto expected = expected_cost(members);
  if (expected <= budget_.burst() && !budget_.allows(expected, Steady::now())) return;
  // those that ended are forgotten; those that live had their turn in the last round
  std::erase_if(known_, [this](const auto& entry) { return entry.second.round != round_; });
  ++round_;
  under_way_ = true;
  read_any_ = false;
  spent_ = {};
}

void ReadingRounds::read(const Members& members) {
  bool put_off = false;
  for (const auto* member : members) {
    const auto turn = take_turn(*member);
    if (turn == Turn::had) read_any_ = true;
    if (turn == Turn::put_off) put_off = true;  // a cheaper one may still fit
  }
  if (!put_off) finish();
}

ReadingRounds::Turn ReadingRounds::take_turn(const proc::Member& member) {
  auto& known = this->known(member);
  if (known.round == round_) return Turn::passed;
  const auto expected = expected_cost(member);
  if (!budget_.could_ever_allow(expected)) {
    cost_.too_much = std::max(cost_.too_much.value_or(expected), expected);
    known.round = round_;
    known.tick = 0;
    return Turn::passed;
  }
  if (!budget_.allows(expected, Steady::now())) return Turn::put_off;
  read(member, known);
  return Turn::had;
}

void ReadingRounds::read(const proc::Member& member, Known& known) {
  const auto begin = Steady::now();
  const auto before = cpu_time();
  const auto amounts = member.memory.read(source_);
  known.cost = std::max<Duration>(cpu_time() - before, 1ns);
  // the time that passed: on a machine that is too busy for us, extra readings are the first to give way
  budget_.charge(std::max<Duration>(Steady::now() - begin, known.cost));
  known.size = size_of(member);
  known.round = round_;
  // one that has just ended has nothing left, and no value
  const bool is_there = amounts && (*amounts)[proc::Metric::rss] > Bytes{};
  known.tick = is_there ? tick_ : 0;
  if (is_there) known.amounts = member.without_ours(*amounts);
  if (!amounts && amounts.error().code == Errc::denied) cost_.refused = true;
  spent_ += known.cost;
}

void ReadingRounds::finish() {
  under_way_ = false;
  if (!read_any_) return;
  const auto now = Steady::now();
  if (cost_.rounds++ == 0) first_finished_ = now;
  cost_.gap = now - first_finished_;
  cost_.each += spent_;
}

const ReadingRounds::Known* ReadingRounds::find(const proc::Member& member) const {
  const auto found = known_.find(member.id.pid);
  return found == known_.end() || found->second.id != member.id ? nullptr : &found->second;
}

ReadingRounds::Known& ReadingRounds::known(const proc::Member& member) {
  auto& known = known_[member.id.pid];
  if (known.id != member.id) known = Known{};
  known.id = member.id;
  return known;
}

Duration ReadingRounds::expected_cost(const proc::Member& member) const {
  const auto* known = find(member);
  const Bytes size = size_of(member);
  if (known == nullptr || known->cost == Duration{}) return guessed_cost(source_, size);
  if (source_ == proc::Source::status || size <= known->size) return known->cost;
  return known->cost + guessed_cost(source_, size - known->size);
}

Duration ReadingRounds::expected_cost(const Members& members) const {
  Duration sum{};
  for (const auto* member : members) sum += expected_cost(*member);
  return sum;
}

const proc::Amounts* ReadingRounds::fresh(pid_t pid) const {
  const auto found = known_.find(pid);
  return found == known_.end() || found->second.tick != tick_ ? nullptr : &found->second.amounts;
}

std::optional<proc::Amounts> ReadingRounds::fresh_sum(const Members& members) const {
  proc::Amounts sum;
  bool completed_now = false;
  for (const auto* member : members) {
    const auto* known = find(*member);
    if (known == nullptr || known->round != round_ || known->tick == 0) return std::nullopt;
    if (known->tick == tick_) completed_now = true;
    sum += known->amounts;
  }
  return completed_now ? std::optional(sum) : std::nullopt;
}

ReadingCost ReadingRounds::cost() const {
  ReadingCost mean = cost_;
  if (mean.rounds > 1) mean.gap /= static_cast<Duration::rep>(mean.rounds - 1);
  if (mean.rounds > 0) mean.each /= static_cast<Duration::rep>(mean.rounds);
  return mean;
}

}  // namespace mprofpp::record
