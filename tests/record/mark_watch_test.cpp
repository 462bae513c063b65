#include "mprofpp/record/session/mark_watch.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/recording.hpp"
#include "mprofpp/wire/bell.hpp"
#include "record/rings.hpp"
#include "record/session_parts.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::enter;
using test::leave;

namespace {

/// A recording of a child that makes marks, and a watch of its marks.
class Fixture {
 public:
  explicit Fixture(Duration interval) : options_(options_in(folder_.path(), interval)) {
    recording.begin();
    recording.tick(recording.clock().now(), 0, Clock::Steady::now() + 1h);
  }

  /// Runs handlers until there are so many calls, a few at most.
  void run_until_calls(std::size_t count) {
    constexpr int most_handlers = 10;
    for (int i = 0; i < most_handlers && calls() < count; ++i) context.run_one();
  }
  std::size_t calls() const { return records_.of<model::Call>().size(); }
  void ring_bell() const { wire::ring_bell(run_folder().c_str(), "", 1); }

 private:
  static Options options_in(const std::string& place, Duration interval) {
    Options options;
    options.interval = interval;
    options.marks.emplace();
    options.marks->places = {place};
    return options;
  }
  std::string run_folder() const { return recording.marks()->folder().path(); }

  const test::TemporaryFolder folder_;
  const Options options_;
  const test::Child child_;
  Listener listener_;
  test::Collector records_;

 public:
  Recording recording{{{{child_.pid()}, std::nullopt}, {"victim"}, {}},
                      options_,
                      listener_,
                      {test::writer_of(folder_ / "x.dat"), {&records_}},
                      open_mark_channel(options_.marks, std::vector<pid_t>{child_.pid()})};
  test::MarkingProgram program{run_folder(), {child_.pid(), proc::read_stat(child_.pid())->start}};
  boost::asio::io_context context{1};

 private:
  MarkWatch watch_{context, recording};
};

}  // namespace

TEST_CASE("marks are taken each time the bell rings") {
  Fixture fixture(100ms);
  for (std::uint64_t call = 1; call <= 3; ++call) {
    fixture.program.write(enter(call, 1), leave(call, 2));
    CHECK(fixture.calls() == call - 1);
    fixture.ring_bell();
    fixture.run_until_calls(call);
    CHECK(fixture.calls() == call);
  }
}

TEST_CASE("marks are taken without the bell if the next tick is far away") {
  Fixture fixture(1h);
  fixture.program.write(enter(1, 1), leave(1, 2));
  fixture.run_until_calls(1);
  CHECK(fixture.calls() == 1);
}

TEST_CASE("marks are left to the next tick if that is near") {
  Fixture fixture(100ms);
  fixture.program.write(enter(1, 1), leave(1, 2));
  fixture.context.run_one();
  CHECK(fixture.calls() == 0);
  fixture.recording.take_marks();
  CHECK(fixture.calls() == 1);
}
