#include "mprofpp/mark/mark_source.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "made_up_image.hpp"
#include "ring/marking_program.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace std::chrono_literals;
using mark::MarkSource;
using test::enter;
using test::leave;

namespace {

constexpr Instant start{1s};

/// A program with a ring, and the source that reads it.
class Fixture {
 public:
  Fixture() {
    auto ring = ring::Ring::open(program.path());
    REQUIRE(ring.has_value());
    source.add(std::move(*ring));
    source.attach_process(42, std::make_unique<mark::ProgramImage>(
                                  process_, mark::Functions{selection_, texts_, tables_},
                                  mark::GroupingRule{}, timeline_, out));
    program.name(1, "f");
  }

  std::size_t calls() const { return out.of<model::Call>().size(); }

  test::TemporaryFolder folder;
  test::MarkingProgram program{folder.path(), {42, 7}};
  test::Collector out;
  MarkSource source;

 private:
  std::shared_ptr<mark::Process> process_ = std::make_shared<mark::Process>(mark::Process{42, {}});
  mark::Timeline timeline_ = test::unchanged_times();
  Selection selection_;
  ring::StringTable texts_;
  symbols::Tables tables_;
};

}  // namespace

TEST_CASE("records become calls, and the source has none before") {
  Fixture fixture;
  CHECK(fixture.source.has_process());
  CHECK(fixture.source.pid() == 42);
  CHECK_FALSE(fixture.source.has_records());
  fixture.program.write(enter(1, 10), leave(1, 20));
  fixture.source.drain(start);
  CHECK(fixture.source.has_records());
  REQUIRE(fixture.calls() == 1);
  CHECK(fixture.out.of<model::Call>().front().name == "f");
  CHECK(fixture.source.new_losses() == 0);
}

TEST_CASE("the longer a program is idle, the later its next look, up to half a second") {
  Fixture fixture;
  fixture.program.write(enter(1, 10), leave(1, 20));
  fixture.source.drain(start);
  CHECK(fixture.source.is_due(start));
  auto now = start;
  for (int i = 0; i < 20; ++i) {
    fixture.source.drain(now);
    CHECK_FALSE(fixture.source.is_due(now));
    CHECK(fixture.source.is_due(now + 500ms));
    now += 500ms;
  }
  CHECK_FALSE(fixture.source.is_due(now - 1ms));
}

TEST_CASE("dropped records are losses, and are reported once") {
  Fixture fixture;
  fixture.program.drop(3);
  fixture.source.drain(start);
  CHECK(fixture.source.new_losses() == 3);
  CHECK(fixture.source.new_losses() == 0);
}

TEST_CASE("a program has gone if it is seen leaving twice, and not if its exec failed") {
  Fixture fixture;
  fixture.program.leave();
  fixture.source.drain(start);
  CHECK_FALSE(fixture.source.gone_since().has_value());
  fixture.program.stay();
  fixture.source.drain(start + 1s);
  fixture.program.leave();
  fixture.source.drain(start + 2s);
  CHECK_FALSE(fixture.source.gone_since().has_value());
  fixture.source.drain(start + 3s);
  CHECK(fixture.source.gone_since() == start + 2s);
  CHECK(fixture.source.size() == Bytes{});
}

TEST_CASE("the events of a guest are returned in a list, and become calls when they are added") {
  Fixture fixture;
  fixture.program.write(enter(1, 10), leave(1, 20));
  std::vector<mark::GuestEvent> events;
  fixture.source.drain(start, events);
  REQUIRE(events.size() == 2);
  CHECK(events.front().source == &fixture.source);
  CHECK(fixture.calls() == 0);
  for (const auto& guest : events) guest.source->add(guest.event);
  CHECK(fixture.calls() == 1);
}

TEST_CASE("at the end, open calls end and the ring is removed") {
  Fixture fixture;
  fixture.program.write(enter(1, 10));
  fixture.source.end(start);
  REQUIRE(fixture.calls() == 1);
  CHECK(fixture.out.of<model::Call>().front().flags.open);
  CHECK_FALSE(std::filesystem::exists(fixture.program.path()));
}

TEST_CASE("a program is followed by the next one of its process, and a guest is another process") {
  const MarkSource::Key first{42, 7, 42, 1};
  const MarkSource::Key second{42, 7, 42, 2};
  CHECK(first.is_followed_by(second));
  CHECK_FALSE(second.is_followed_by(first));
  CHECK_FALSE(first.is_followed_by({42, 8, 42, 2}));
  CHECK_FALSE(first.is_guest());
  CHECK(MarkSource::Key{42, 7, 43, 1}.is_guest());
}
