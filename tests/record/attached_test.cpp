#include "mprofpp/record/session/attached.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include "record/session_parts.hpp"
#include "support/child.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::send_to_recorder;
using test::single_tick;

namespace {

/// How the exit of the process is noticed.
enum class Way { reported, looked_at };

/// A session that records a child and runs a function with the first sample.
struct Fixture {
  explicit Fixture(std::function<void()> with_sample, Options wanted = single_tick(),
                   const std::string& path = "")
      : options(std::move(wanted)),
        on_sample(std::move(with_sample)),
        recording({{{child.pid()}, std::nullopt}, {"victim"}, {}}, options, listener,
                  {test::writer_of(path.empty() ? folder / "x.dat" : path), {&on_sample}}) {}

  const Outcome& run(Way way = Way::reported) {
    std::vector<Watched> targets;
    targets.push_back(watch(child.pid()).value());
    if (way == Way::looked_at) targets.front().fd.close();
    AttachedSession session(std::move(targets), test::open_inbox(), recording, options);
    recording.begin();
    session.run();
    return recording.outcome();
  }
  bool lives() const { return recording.any_root_lives(); }

  const Options options;
  const test::TemporaryFolder folder;
  const test::Child child;
  Listener listener;
  test::OnSample on_sample;
  Recording recording;
};

}  // namespace

TEST_CASE("an attached recording ends as soon as its process has exited, before the next tick") {
  for (const auto way : {Way::reported, Way::looked_at}) {
    Fixture fixture([&] { fixture.child.kill(); });
    const auto& outcome = fixture.run(way);
    CHECK(outcome.end == model::EndReason::ended);
    CHECK(outcome.ticks == 1);
    CHECK_FALSE(fixture.lives());
  }
}

TEST_CASE("a signal ends an attached recording and leaves the process alone") {
  Fixture fixture([] { send_to_recorder(SIGTERM); });
  CHECK(fixture.run().end == model::EndReason::interrupted);
  CHECK(fixture.lives());
  CHECK(::kill(fixture.child.pid(), 0) == 0);
}

TEST_CASE(
    "an attached recording goes on after a resize of the terminal and after an ignored signal") {
  auto* const before = ::signal(SIGHUP, SIG_IGN);
  Fixture fixture([&] {
    send_to_recorder(SIGWINCH);
    send_to_recorder(SIGHUP);
    fixture.child.kill();
  });
  CHECK(fixture.run().end == model::EndReason::ended);
  ::signal(SIGHUP, before);
}

TEST_CASE("the timeout ends an attached recording and leaves the process alone") {
  auto options = single_tick();
  options.timeout = 0s;
  Fixture fixture([] {}, options);
  CHECK(fixture.run().end == model::EndReason::timed_out);
  CHECK(fixture.lives());
}

TEST_CASE("an attached recording that cannot be written ends") {
  Fixture fixture([] {}, single_tick(), "/dev/full");
  const auto& outcome = fixture.run();
  CHECK(outcome.end == model::EndReason::interrupted);
  CHECK(outcome.stopped.has_value());
  CHECK(outcome.ticks == 1);
}
