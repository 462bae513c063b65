#include "mprofpp/record/reading_rounds.hpp"

#include <doctest/doctest.h>

#include <list>

#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::Child;

namespace {

/// Forked processes and what the sampler would know of them.
class Family {
 public:
  explicit Family(int count) {
    for (int i = 0; i < count; ++i) add();
  }

  void add() {
    const auto& child = children_.emplace_back();
    const auto stat = proc::read_stat(child.pid());
    REQUIRE(stat.has_value());
    auto& member = members_.emplace_back(*stat, proc::Metric::rss, Instant{1s});
    member.used = Bytes(1 << 20);
  }
  Members members() const {
    Members members;
    for (const auto& member : members_) members.push_back(&member);
    return members;
  }
  proc::Member& first() { return members_.front(); }
  void kill_first() { children_.front().kill(); }

 private:
  std::list<Child> children_;
  std::list<proc::Member> members_;
};

ReadingRounds rounds_with(Duration interval, proc::Source source = proc::Source::rollup) {
  return ReadingRounds(source, ReadingBudget(1, interval));
}

/// A walk is guessed at 72 µs for these processes, and several may take a quarter of an interval.
constexpr Duration time_for_one = 4 * 73us;

int count_fresh(const ReadingRounds& rounds, const Members& members) {
  int fresh = 0;
  for (const auto* member : members) fresh += rounds.fresh(member->id.pid) != nullptr;
  return fresh;
}

/// A tick that has more time left than any reading here takes, and begins a round if none is under way.
void tick(ReadingRounds& rounds, const Members& members, Duration interval) {
  rounds.begin_tick({ReadingBudget::Time::clock::now() + 1h, interval});
  rounds.begin(members);
  if (rounds.is_under_way()) rounds.read(members);
}

}  // namespace

TEST_CASE("a round that fits into a tick reads every process at once") {
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
  CHECK(sum[proc::Metric::pss] > Bytes{});
  CHECK(rounds.cost().rounds == 1);
  CHECK(rounds.cost().each > Duration{});
}

TEST_CASE("a value is fresh at the tick that read it and at no other") {
  const Family family(1);
  auto rounds = rounds_with(1min);
  tick(rounds, family.members(), 1min);
  rounds.begin_tick({ReadingBudget::Time::clock::now() + 1h, 1min});
  CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
  CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
}

TEST_CASE("a round that is too long for a tick is spread, and has a sum at the tick that ends it") {
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

TEST_CASE("a process that was born during a round has its turn in it") {
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

TEST_CASE("a process that has just ended has no value, and the sum has none with it") {
  Family family(2);
  family.kill_first();
  for (const auto source : {proc::Source::status, proc::Source::rollup}) {
    auto rounds = rounds_with(1min, source);
    tick(rounds, family.members(), 1min);
    CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
    CHECK(rounds.fresh(family.members()[1]->id.pid) != nullptr);
    CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
  }
}

TEST_CASE("a process that is too large for any tick is left out and told, the others are read") {
  Family family(2);
  family.first().used = Bytes(std::int64_t{100} << 30);
  auto rounds = rounds_with(100ms);
  tick(rounds, family.members(), 100ms);
  CHECK(rounds.fresh(family.members()[0]->id.pid) == nullptr);
  CHECK(rounds.fresh(family.members()[1]->id.pid) != nullptr);
  CHECK_FALSE(rounds.fresh_sum(family.members()).has_value());
  CHECK(rounds.cost().too_much.value_or(0s) > 500ms);
}
