#include "mprofpp/record/metrics/reading_budget.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace mprofpp;
using record::ReadingBudget;
using namespace std::chrono_literals;

namespace {

constexpr Duration interval = 100ms;
const ReadingBudget::Time start{1000s};

/// A recorder whose clock advances only by its own work. Each tick starts `lateness` after it is due, reads
/// the main metric for `main_work`, and then makes as many additional readings as the budget allows.
struct Day {
  double share = 0.05;
  Duration main_work = 2ms;
  Duration lateness = 0ms;
  std::vector<Duration> costs = {};  ///< the costs of the readings, taken in turn
  int ticks = 1000;

  int late = 0;
  Duration spent{};
  std::vector<int> readings_of_tick = {};

  void run() {
    ReadingBudget budget(share, interval);
    std::size_t next = 0;
    for (int tick = 0; tick < ticks; ++tick) {
      const auto due = start + tick * interval;
      auto now = due + lateness + main_work;
      budget.begin_tick(now, {due + interval, interval});
      readings_of_tick.push_back(0);
      while (budget.allows(costs[next], now)) {
        now += costs[next];
        budget.charge(costs[next]);
        spent += costs[next];
        next = (next + 1) % costs.size();
        ++readings_of_tick.back();
      }
      if (now > due + interval) ++late;
    }
  }
  double share_spent() const { return to_seconds(spent) / to_seconds(ticks * interval); }
};

Day lived(Day day) {
  day.run();
  return day;
}

}  // namespace

TEST_CASE("a reading on credit delays no tick, and is paid back before anything else is read") {
  ReadingBudget budget(0.05, interval);
  budget.begin_tick(start, {start + interval, interval});
  CHECK_FALSE(budget.allows(95ms, start, ReadingBudget::Payment::credit));
  const auto spend = [&](int tick, Duration cost) {
    const auto now = start + tick * interval;
    budget.begin_tick(now, {now + interval, interval});
    CHECK(budget.allows(cost, now, ReadingBudget::Payment::credit));
    budget.charge(cost);
  };
  for (int tick = 1; tick <= 10; ++tick) spend(tick, 50ms);
  // 500 ms were spent, 100 were saved and 50 earned: 350 ms take 7 s of earning 5 %
  const auto may_read = [&](int tick) {
    const auto now = start + tick * interval;
    budget.begin_tick(now, {now + interval, interval});
    return budget.allows(1ms, now);
  };
  CHECK_FALSE(may_read(75));
  CHECK(may_read(85));
}

TEST_CASE("additional readings delay no tick, whatever they cost") {
  for (const Duration cost : {1ms, 8ms, 30ms, 70ms, 90ms, 200ms}) {
    for (const Duration main_work : {0ms, 10ms, 60ms, 99ms}) {
      CAPTURE(cost.count());
      CAPTURE(main_work.count());
      CHECK(lived({.main_work = main_work, .costs = {cost}}).late == 0);
    }
  }
}

TEST_CASE("after a tick that starts late, the next one is still on time") {
  const auto day = lived({.lateness = 70ms, .costs = {10ms, 40ms}});
  CHECK(day.late == 0);
  CHECK(day.spent > Duration{});
}

TEST_CASE("readings take no more than their share of all time, and nearly all of it if possible") {
  for (const Duration cost : {1ms, 8ms, 30ms, 60ms}) {
    CAPTURE(cost.count());
    const auto day = lived({.costs = {cost}});
    // the budget starts with one interval saved
    CHECK(day.share_spent() <= 0.05 + 1.0 / day.ticks);
    CHECK(day.share_spent() > 0.04);
  }
}

TEST_CASE("the time for a reading is saved tick by tick") {
  const auto day = lived({.costs = {50ms}, .ticks = 41});
  // two are paid from the time saved at the start, each in its own tick
  CHECK(day.readings_of_tick[0] == 1);
  CHECK(day.readings_of_tick[1] == 1);
  int later = 0;
  for (std::size_t tick = 2; tick < 41; ++tick) later += day.readings_of_tick[tick];
  CHECK(later == 4);
}

TEST_CASE("cheap readings together take no more than a quarter of a tick") {
  const auto day = lived({.share = 1, .costs = {1ms}});
  for (const int readings : day.readings_of_tick) CHECK(readings <= 25);
  CHECK(day.readings_of_tick[0] == 25);
}

TEST_CASE("no more than one interval is saved, even over a long sleep") {
  ReadingBudget budget(0.05, interval);
  budget.begin_tick(start, {start + interval, interval});
  budget.charge(90ms);
  budget.begin_tick(start + 24h, {start + 24h + 2 * interval, interval});
  CHECK(budget.allows(100ms, start + 24h));
  CHECK_FALSE(budget.allows(101ms, start + 24h));
}

TEST_CASE("a reading that took longer than expected is paid back before the next one") {
  ReadingBudget budget(0.05, interval);
  budget.begin_tick(start, {start + interval, interval});
  budget.charge(105ms);
  budget.begin_tick(start + interval, {start + 2 * interval, interval});
  CHECK_FALSE(budget.allows(1ms, start + interval));
  budget.begin_tick(start + 2 * interval, {start + 3 * interval, interval});
  CHECK(budget.allows(1ms, start + 2 * interval));
}

TEST_CASE("a reading that does not fit into any tick is recognised") {
  const ReadingBudget budget(0.05, interval);
  CHECK(budget.could_ever_allow(70ms));
  CHECK_FALSE(budget.could_ever_allow(80ms));
}

TEST_CASE("a longer interval leaves time for longer readings") {
  ReadingBudget budget(0.05, interval);
  CHECK_FALSE(budget.could_ever_allow(500ms));
  budget.begin_tick(start, {start + 10 * interval, 10 * interval});
  CHECK(budget.could_ever_allow(500ms));
}
