#include "mprofpp/record/metrics/reading_rounds.hpp"

#include <doctest/doctest.h>

#include "family.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::Family;

namespace {

ReadingRounds rounds_with(Duration interval,
                          proc::MetricSource source = proc::MetricSource::rollup) {
  return ReadingRounds(source, ReadingBudget(1, interval));
}

/// The first reading of these processes is estimated at 72 µs, and all readings of a tick together may
/// take a quarter of the interval.
constexpr Duration time_for_one = 4 * 73us;

int count_fresh(const ReadingRounds& rounds, const Members& members) {
  int fresh = 0;
  for (const auto* member : members) fresh += rounds.fresh(member->id.pid) != nullptr;
  return fresh;
}

/// Runs a tick with more time left than any reading here takes. Starts a round if none is under way.
void tick(ReadingRounds& rounds, const Members& members, Duration interval) {
  rounds.begin_tick({ReadingBudget::Time::clock::now() + 1h, interval});
  rounds.begin(members);
  if (rounds.is_under_way()) rounds.read(members);
}

}  // namespace

TEST_CASE("a round that fits into a tick reads every process at that tick") {
  const Family family(3);
  auto rounds = rounds_with(1min);
  tick(rounds, family.members(), 1min);
  CHECK_FALSE(rounds.is_under_way());
  proc::Amounts sum;
  for (const auto* member : family.members()) {
    REQUIRE(rounds.fresh(member->id.pid) != nullptr);
    sum += *rounds.fresh(member->id.pid);
  }
  CHECK(rounds.fresh_sum(family.members()) == sum);
  CHECK(sum[model::Metric::pss] > Bytes{});
  CHECK(rounds.cost().rounds == 1);
  CHECK(rounds.cost().each > Duration{});
}

TEST_CASE("a value is fresh only at the tick that read it") {
  const Family family(1);
  auto rounds = rounds_with(1min);
  tick(rounds, family.members(), 1min);
  rounds.begin_tick({ReadingBudget::Time::clock::now() + 1h, 1min});
  CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
  CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
}

TEST_CASE(
    "a round that is too long for a tick is spread over several, and the last one has the sum") {
  const Family family(3);
  auto rounds = rounds_with(time_for_one);
  int read = 0;
  do {
    tick(rounds, family.members(), time_for_one);
    const int fresh = count_fresh(rounds, family.members());
    CHECK(fresh <= 1);
    read += fresh;
    CHECK(rounds.fresh_sum(family.members()).has_value() == !rounds.is_under_way());
  } while (rounds.is_under_way());
  CHECK(read == 3);
}

TEST_CASE("a process that starts during a round is read in it") {
  Family family(2);
  auto rounds = rounds_with(time_for_one);
  tick(rounds, family.members(), time_for_one);
  REQUIRE(rounds.is_under_way());
  int read = count_fresh(rounds, family.members());
  family.add();
  while (rounds.is_under_way()) {
    tick(rounds, family.members(), time_for_one);
    read += count_fresh(rounds, family.members());
  }
  CHECK(read == 3);
  CHECK(rounds.fresh_sum(family.members()).has_value());
}

TEST_CASE("a round on credit is completed although no time was saved for it") {
  const Family family(3);
  const auto members = family.members();
  // on a machine that is busy for a moment, no tick has time for a reading that took so long
  for (int attempt = 0; attempt < 100; ++attempt) {
    ReadingRounds rounds(proc::MetricSource::rollup, ReadingBudget(0, time_for_one));
    int whole = 0;
    for (int round = 0; round < 10; ++round) {
      do {
        rounds.begin_tick({ReadingBudget::Time::clock::now() + 1h, time_for_one},
                          ReadingBudget::Payment::credit);
        rounds.begin(members);
        rounds.read(members);
      } while (rounds.is_under_way());
      if (rounds.fresh_sum(members)) ++whole;
    }
    tick(rounds, members, time_for_one);
    if (rounds.cost().too_much) continue;
    CHECK(whole == 10);
    CHECK(count_fresh(rounds, members) == 0);
    return;
  }
  MESSAGE("SKIP: a reading takes too long here");
}

TEST_CASE("after an abandoned round the next one starts with the first process again") {
  const Family family(2);
  // on a machine that is busy for a moment, no tick has time for a reading that took so long
  for (int attempt = 0; attempt < 100; ++attempt) {
    auto rounds = rounds_with(time_for_one);
    tick(rounds, family.members(), time_for_one);
    if (!rounds.is_under_way()) continue;
    rounds.abandon();
    int read = 0;
    do {
      tick(rounds, family.members(), time_for_one);
      read += count_fresh(rounds, family.members());
    } while (rounds.is_under_way());
    if (rounds.cost().too_much) continue;
    CHECK(read == 2);
    return;
  }
  MESSAGE("SKIP: a reading takes too long here");
}

TEST_CASE("a process that has just exited has no value, and neither has the sum") {
  Family family(2);
  family.kill_first();
  for (const auto source : {proc::MetricSource::status, proc::MetricSource::rollup}) {
    auto rounds = rounds_with(1min, source);
    tick(rounds, family.members(), 1min);
    CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
    CHECK(rounds.fresh(family.members()[1]->id.pid) != nullptr);
    CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
  }
}

TEST_CASE(
    "a process that is too large for any tick is skipped and reported, and the others are read") {
  Family family(2);
  family.first().used = Bytes(std::int64_t{100} << 30);
  auto rounds = rounds_with(100ms);
  tick(rounds, family.members(), 100ms);
  CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
  CHECK(rounds.fresh(family.members()[1]->id.pid) != nullptr);
  CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
  CHECK(rounds.cost().too_much.value_or(0s) > 500ms);
}
