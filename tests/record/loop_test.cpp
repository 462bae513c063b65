#include "mprofpp/record/session/loop.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <functional>
#include <string>
#include <vector>

#include "record/session_parts.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::send_to_recorder;
using test::single_tick;
using Log = std::vector<std::string>;

namespace {

/// The reactions of a test to the events of a loop, and the list of these events.
class Reactions : public Loop::Events {
 public:
  void started() override { note("started", on_start); }
  void take(const launch::Signal& signal) override {
    if (signal.number == SIGCHLD) return;  // of a child of an earlier test
    note("signal " + std::to_string(signal.number), on_signal);
  }
  void time_is_up() override { note("timeout", on_timeout); }
  bool is_over() const override { return is_enough && is_enough(); }
  model::EndReason how_it_ended() const override { return model::EndReason::timed_out; }
  void give_up() override { note("given up", on_give_up); }

  std::function<void()> on_start;
  std::function<void()> on_signal;
  std::function<void()> on_timeout;
  std::function<void()> on_give_up;
  std::function<bool()> is_enough;
  Log log;

 private:
  void note(const std::string& event, const std::function<void()>& react) {
    log.push_back(event);
    if (react) react();
  }
};

/// The loop of a recording of a child, as one that was attached to.
struct Fixture {
  explicit Fixture(Options wanted, const std::string& path = "")
      : options(std::move(wanted)),
        recording({{{child.pid()}, std::nullopt}, {"victim"}, {}}, options, listener,
                  {test::writer_of(path.empty() ? folder / "x.dat" : path), {&records}}) {
    recording.begin();
  }

  std::uint64_t ticks() const { return recording.outcome().ticks; }
  /// Waits until so many ticks are due.
  void wait_for_ticks_due(int count) const {
    while (Clock::Steady::now() < recording.clock().steady_start() + count * options.interval) {
    }
  }
  std::function<void()> finish(model::EndReason end = model::EndReason::interrupted) {
    return [this, end] { loop.finish(end); };
  }

  const Options options;
  const test::TemporaryFolder folder;
  const test::Child child;
  Listener listener;
  test::Collector records;
  Recording recording;
  Loop loop{test::open_inbox(), recording, options};
  Reactions events;
};

Options with_interval(Duration interval) {
  Options options;
  options.interval = interval;
  return options;
}

Options with_timeout(Duration timeout) {
  auto options = single_tick();
  options.timeout = timeout;
  return options;
}

std::string name_of(int signal) {
  return "signal " + std::to_string(signal);
}

}  // namespace

TEST_CASE("a loop ticks until nothing is left to record") {
  Fixture fixture(with_interval(1ms));
  fixture.events.on_start = [&] { CHECK(fixture.ticks() == 0); };
  fixture.events.is_enough = [&] { return fixture.ticks() == 3; };
  fixture.loop.run(fixture.events);
  CHECK(fixture.loop.finished());
  CHECK(fixture.ticks() == 3);
  CHECK(fixture.recording.outcome().end == model::EndReason::timed_out);
  CHECK(fixture.events.log == Log{"started"});
}

TEST_CASE("a signal that has arrived before a tick is handled before it") {
  Fixture fixture(single_tick());
  fixture.events.on_signal = fixture.finish();
  send_to_recorder(SIGUSR1);
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log == Log{"started", name_of(SIGUSR1)});
  CHECK(fixture.ticks() == 0);
  CHECK(fixture.recording.outcome().end == model::EndReason::interrupted);
}

TEST_CASE("a signal that arrives while the loop waits for a tick is handled at once") {
  Fixture fixture(with_timeout(0s));
  fixture.events.on_timeout = [] { send_to_recorder(SIGUSR2); };
  fixture.events.on_signal = fixture.finish();
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log == Log{"started", "timeout", name_of(SIGUSR2)});
  CHECK(fixture.ticks() == 1);
}

TEST_CASE("after the end of a recording no signal is handled") {
  Fixture fixture(single_tick());
  fixture.events.on_signal = fixture.finish();
  send_to_recorder(SIGUSR1);
  send_to_recorder(SIGUSR2);
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log.size() == 2);
}

TEST_CASE("a session may replace the timeout by another delay") {
  Fixture fixture(with_timeout(0s));
  bool is_called = false;
  fixture.events.on_start = [&] {
    fixture.loop.call_after(1ms, [&] {
      is_called = true;
      fixture.loop.finish(model::EndReason::timed_out);
    });
  };
  fixture.loop.run(fixture.events);
  CHECK(is_called);
  CHECK(fixture.events.log == Log{"started"});
}

TEST_CASE("a recording that can no longer be written is given up after the tick that failed") {
  Fixture fixture(single_tick(), "/dev/full");
  fixture.events.on_give_up = fixture.finish();
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log == Log{"started", "given up"});
  CHECK(fixture.ticks() == 1);
}

TEST_CASE(
    "overdue ticks after a SIGCONT are recorded as a stop, and the session does not see the signal") {
  Fixture fixture(with_interval(1ms));
  fixture.events.is_enough = [] { return true; };
  fixture.wait_for_ticks_due(2);
  send_to_recorder(SIGCONT);
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log == Log{"started"});
  CHECK(fixture.records.of<model::Suspended>().size() == 1);
  CHECK(fixture.recording.outcome().suspended >= 2ms);
}

TEST_CASE("a SIGCONT without overdue ticks is not a stop") {
  Fixture fixture(single_tick());
  fixture.events.is_enough = [] { return true; };
  send_to_recorder(SIGCONT);
  fixture.loop.run(fixture.events);
  CHECK(fixture.events.log == Log{"started"});
  CHECK(fixture.records.of<model::Suspended>().empty());
}

TEST_CASE("overdue ticks without a SIGCONT are missed ticks, and not a stop") {
  Fixture fixture(with_interval(1ms));
  fixture.events.is_enough = [] { return true; };
  fixture.wait_for_ticks_due(3);
  fixture.loop.run(fixture.events);
  CHECK(fixture.records.of<model::Suspended>().empty());
  CHECK(fixture.recording.outcome().missed_ticks >= 2);
}

TEST_CASE("most signals end a recording without a program, but not news and not ignored signals") {
  const auto ends = [](int number) {
    return ends_recording({number, launch::Signal::Sender::process, 1});
  };
  CHECK(ends(SIGTERM));
  CHECK(ends(SIGUSR1));
  CHECK_FALSE(ends(SIGCHLD));
  CHECK_FALSE(ends(SIGWINCH));
  auto* const before = ::signal(SIGHUP, SIG_IGN);
  CHECK_FALSE(ends(SIGHUP));
  ::signal(SIGHUP, SIG_DFL);
  CHECK(ends(SIGHUP));
  ::signal(SIGHUP, before);
}
