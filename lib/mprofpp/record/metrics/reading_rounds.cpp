#include "mprofpp/record/metrics/reading_rounds.hpp"

#include <time.h>

#include <algorithm>

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Returns the CPU time of this thread: a reading during which another process ran is not expensive.
Duration cpu_time() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

/// Estimates the cost of reading a process of this size for the first time. Walking a MiB of small pages
/// takes about 8 µs.
Duration guessed_cost(proc::MetricSource source, Bytes size) {
  if (source == proc::MetricSource::status) return 20us;
  return 60us + Duration(static_cast<Duration::rep>(size.mebibytes() * 12'000));
}

/// Returns the largest last size of a process. If the metric is PSS or USS, its value says little about
/// the number of pages to walk.
Bytes size_of(const proc::Member& member) {
  return std::max(member.used, member.kernel_peak);
}

}  // namespace

void ReadingRounds::begin_tick(ReadingBudget::TickTime time, Payment payment) {
  ++tick_;
  payment_ = payment;
  budget_.begin_tick(Steady::now(), time);
}

void ReadingRounds::begin(const Members& members) {
  if (under_way_) return;
  const auto expected = expected_cost(members);
  if (expected <= budget_.burst() && !budget_.allows(expected, Steady::now(), payment_)) return;
  // forget processes that have exited: each running process had its turn in the last round
  std::erase_if(last_readings_, [this](const auto& entry) { return entry.second.round != round_; });
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
  auto& last = reading_of(member);
  if (last.round == round_) return Turn::passed;
  const auto expected = expected_cost(member);
  if (!budget_.could_ever_allow(expected)) {
    cost_.too_much = std::max(cost_.too_much.value_or(expected), expected);
    last.round = round_;
    last.tick = 0;
    return Turn::passed;
  }
  if (!budget_.allows(expected, Steady::now(), payment_)) return Turn::put_off;
  read(member, last);
  return Turn::had;
}

void ReadingRounds::read(const proc::Member& member, LastReading& last) {
  const auto begin = Steady::now();
  const auto before = cpu_time();
  const auto amounts = member.memory.read(source_);
  last.cost = std::max<Duration>(cpu_time() - before, 1ns);
  // charge the time that passed: on a busy machine the additional readings are the first to be reduced
  budget_.charge(std::max<Duration>(Steady::now() - begin, last.cost));
  last.size = size_of(member);
  last.round = round_;
  // a process that has just exited has no memory left, and gets no value
  const bool is_there = amounts && (*amounts)[model::Metric::rss] > Bytes{};
  last.tick = is_there ? tick_ : 0;
  last_read_at_ = tick_;
  if (is_there) last.amounts = member.without_ours(*amounts);
  if (!amounts && amounts.error().code == Errc::denied) cost_.refused = true;
  spent_ += last.cost;
}

void ReadingRounds::finish() {
  under_way_ = false;
  if (!read_any_) return;
  const auto now = Steady::now();
  if (cost_.rounds++ == 0) first_finished_ = now;
  cost_.gap = now - first_finished_;
  cost_.each += spent_;
}

const ReadingRounds::LastReading* ReadingRounds::find(const proc::Member& member) const {
  const auto found = last_readings_.find(member.id.pid);
  return found == last_readings_.end() || found->second.id != member.id ? nullptr : &found->second;
}

ReadingRounds::LastReading& ReadingRounds::reading_of(const proc::Member& member) {
  auto& last = last_readings_[member.id.pid];
  if (last.id != member.id) last = LastReading{};
  last.id = member.id;
  return last;
}

Duration ReadingRounds::expected_cost(const proc::Member& member) const {
  const auto* last = find(member);
  const Bytes size = size_of(member);
  if (last == nullptr || last->cost == Duration{}) return guessed_cost(source_, size);
  if (source_ == proc::MetricSource::status || size <= last->size) return last->cost;
  return last->cost + guessed_cost(source_, size - last->size);
}

Duration ReadingRounds::expected_cost(const Members& members) const {
  Duration sum{};
  for (const auto* member : members) sum += expected_cost(*member);
  return sum;
}

const proc::Amounts* ReadingRounds::fresh(pid_t pid) const {
  const auto found = last_readings_.find(pid);
  return found == last_readings_.end() || found->second.tick != tick_ ? nullptr
                                                                      : &found->second.amounts;
}

std::optional<proc::Amounts> ReadingRounds::fresh_sum(const Members& members) const {
  proc::Amounts sum;
  bool completed_now = false;
  for (const auto* member : members) {
    const auto* last = find(*member);
    if (last == nullptr || last->round != round_ || last->tick == 0) return std::nullopt;
    if (last->tick == tick_) completed_now = true;
    sum += last->amounts;
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
