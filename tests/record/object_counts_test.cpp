#include "mprofpp/record/objects/object_counts.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "support/collector.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;

namespace {

/// Answers for processes whose answers were set. Others wait until the end.
class ScriptedTaker : public CensusTaker {
 public:
  Result<inspect::Census> take(const model::ProcessId& process) override {
    std::unique_lock lock(mutex_);
    ++asked_[process.pid];
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_cancelled_ || answers_.contains(process.pid); });
    if (is_cancelled_) return fail(Errc::vanished, "", "is not asked any more");
    return answers_.at(process.pid);
  }
  void cancel() override {
    const std::lock_guard lock(mutex_);
    is_cancelled_ = true;
    changed_.notify_all();
  }

  void answer(pid_t pid, Result<inspect::Census> answer) {
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign(pid, std::move(answer));
    changed_.notify_all();
  }
  void wait_until_asked(pid_t pid, int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_[pid] >= times; });
  }
  int asked(pid_t pid) {
    const std::lock_guard lock(mutex_);
    return asked_[pid];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<pid_t, Result<inspect::Census>> answers_;
  std::map<pid_t, int> asked_;
  bool is_cancelled_ = false;
};

proc::Member member(pid_t pid) {
  proc::Stat stat;
  stat.pid = pid;
  stat.start = 100;
  return proc::Member(stat, model::Metric::rss, Instant{});
}

inspect::Census small_census() {
  inspect::Census census;
  census.objects = 1;
  census.bytes = 64;
  census.types = {{"dict", 1, 64}};
  return census;
}

struct Fixture {
  explicit Fixture(ObjectCounts::First first = ObjectCounts::First::at_once)
      : counts(30s, first, std::unique_ptr<CensusTaker>(taker), clock, out) {}

  void look(const std::vector<pid_t>& pids, Duration since_start) {
    std::vector<proc::Member> members;
    for (const pid_t pid : pids) members.push_back(member(pid));
    counts.look(members, clock.start() + since_start);
  }
  /// Waits for the next answers and adds them.
  void add_next() {
    while (true) {
      const auto taken = counts.taken();
      for (const auto& each : taken) counts.add(each);
      if (!taken.empty()) return;
      std::this_thread::yield();
    }
  }
  std::size_t lines() const { return out.of<model::ObjectCount>().size(); }

  Clock clock;
  test::Collector out;
  ScriptedTaker* taker = new ScriptedTaker;  // counts owns it
  ObjectCounts counts;
};

}  // namespace

TEST_SUITE_BEGIN("record/object_counts");

TEST_CASE("each process is asked once in an interval") {
  Fixture fixture;
  fixture.taker->answer(7, small_census());
  fixture.look({7}, 0s);
  fixture.add_next();
  fixture.look({7}, 29s);
  CHECK(fixture.taker->asked(7) == 1);
  fixture.look({7}, 30s);
  fixture.add_next();
  CHECK(fixture.taker->asked(7) == 2);
  CHECK(fixture.counts.outcome().censuses == 2);
  CHECK(fixture.lines() == 3);  // nothing but the time has changed at the second one
}

TEST_CASE("a program that was launched is asked after an interval") {
  Fixture fixture(ObjectCounts::First::after_interval);
  fixture.taker->answer(7, small_census());
  fixture.look({7}, 29s);
  fixture.look({7}, 30s);
  fixture.add_next();
  CHECK(fixture.taker->asked(7) == 1);
}

TEST_CASE("a mark is a reason to ask before the interval is over") {
  Fixture fixture;
  fixture.taker->answer(7, small_census());
  fixture.look({7}, 0s);
  fixture.add_next();
  fixture.counts.ask_soon();
  fixture.look({7}, 1s);
  fixture.add_next();
  CHECK(fixture.taker->asked(7) == 2);
}

TEST_CASE("a process that does not answer delays only the censuses of the next ones") {
  Fixture fixture;
  fixture.taker->answer(8, small_census());
  fixture.look({7, 8}, 0s);
  fixture.taker->wait_until_asked(7, 1);
  fixture.look({7, 8}, 30s);  // neither is asked twice
  CHECK(fixture.counts.taken().empty());
  fixture.taker->answer(7, small_census());
  fixture.add_next();
  fixture.taker->wait_until_asked(8, 1);
}

TEST_CASE("the end does not wait for an answer") {
  Fixture fixture;
  fixture.look({7}, 0s);
  fixture.taker->wait_until_asked(7, 1);
  fixture.counts.end();
  CHECK(fixture.counts.taken().empty());
  fixture.look({7}, 60s);
  CHECK(fixture.taker->asked(7) == 1);
}

TEST_CASE("a census that could not be taken is a loss") {
  Fixture fixture;
  fixture.taker->answer(7, fail(Errc::busy, "", "Python was busy"));
  fixture.look({7}, 0s);
  fixture.add_next();
  fixture.counts.write_losses(fixture.clock.start());
  fixture.counts.write_losses(fixture.clock.start() + 1s);
  CHECK(fixture.out.of<model::Lost>() ==
        std::vector{model::Lost{fixture.clock.start(), model::Loss::censuses, 1}});
  CHECK(fixture.counts.outcome().lost == 1);
  REQUIRE(fixture.counts.outcome().first_failure);
  CHECK(fixture.counts.outcome().first_failure->place == "process 7");
}

TEST_CASE("a process that ended meanwhile is not lost") {
  Fixture fixture;
  fixture.taker->answer(7, fail(Errc::vanished, "", "has ended"));
  fixture.look({7}, 0s);
  fixture.add_next();
  CHECK(fixture.counts.outcome().lost == 0);
}

TEST_CASE("a process that does not run Python is not lost, and not asked each time") {
  Fixture fixture;
  fixture.taker->answer(7, fail(Errc::not_found, "", "does not run Python"));
  fixture.taker->answer(8, small_census());
  fixture.look({7, 8}, 0s);
  while (fixture.counts.outcome().censuses < 1) fixture.add_next();
  fixture.look({7, 8}, 30s);
  while (fixture.counts.outcome().censuses < 2) fixture.add_next();
  CHECK(fixture.taker->asked(7) == 1);
  CHECK(fixture.counts.outcome().lost == 0);
  fixture.look({7}, 600s);  // it may have loaded Python
  fixture.taker->wait_until_asked(7, 2);
}

TEST_SUITE_END();
