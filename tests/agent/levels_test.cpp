#include "core/levels.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace mprofpp;
using agent::Frame;
using agent::Frames;
using agent::Start;

namespace {

struct Fixture {
  /// Enters a call within the innermost one.
  Frame& enter(std::uint64_t call) {
    Frame frame{.call = call, .what = 100 * call};
    frame.start = Start::written;
    frame.flags = wire::address;
    agent::set_level(frame, frames, frames.empty() ? 0 : frames.innermost().call);
    frames.push(frame);
    return frames.innermost();
  }
  void add_entry(std::uint64_t entry) {
    filter->addresses[wire::filter_place(entry & ~wire::wanted_bit)] = entry;
  }
  std::vector<std::uint16_t> levels() const {
    std::vector<std::uint16_t> levels;
    for (std::size_t i = 0; i < frames.depth(); ++i) levels.push_back(frames.at(i).level);
    return levels;
  }

  Frames frames;
  std::unique_ptr<wire::FunctionFilter> filter = std::make_unique<wire::FunctionFilter>();
};

using Levels = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a call is one level deeper than the call around it") {
  for (const std::uint64_t call : {1, 2, 3}) enter(call);
  CHECK(levels() == Levels{0, 1, 2});
}

TEST_CASE_FIXTURE(Fixture, "calls that the recorder does not see take up no level") {
  enter(1);
  enter(2).start = Start::dropped;
  enter(3).is_muted = true;
  enter(4);
  CHECK(levels() == Levels{0, 1, 1, 1});
}

TEST_CASE_FIXTURE(
    Fixture, "a call that is not within the innermost one has no level, nor has a call in it") {
  enter(1);
  enter(2);
  Frame frame{.call = 3, .what = 300};
  agent::set_level(frame, frames, 1);
  CHECK(frame.level == Frame::no_level);
  frames.push(frame);
  CHECK(enter(4).level == Frame::no_level);
}

TEST_CASE_FIXTURE(Fixture, "calls that take turns in a thread have no level") {
  const auto level_of = [this](Frame frame) {
    agent::set_level(frame, frames, 0);
    return frame.level;
  };
  Frame frame{.call = 1, .what = 100};
  CHECK(level_of(frame) == 0);
  Frame task = frame;
  task.lane = {wire::LaneKind::task, 1};
  CHECK(level_of(task) == Frame::no_level);
  Frame greenlet = frame;
  greenlet.stack = 1;
  CHECK(level_of(greenlet) == Frame::no_level);
  Frame generator = frame;
  generator.resumed = 1;
  CHECK(level_of(generator) == Frame::no_level);
  Frame block = frame;
  block.spans_others = true;
  CHECK(level_of(block) == Frame::no_level);
}

TEST_CASE_FIXTURE(Fixture,
                  "when the recorder mutes a function, the levels of the calls in it shrink") {
  for (const std::uint64_t call : {1, 2, 3, 4}) enter(call);
  add_entry(200);
  add_entry(300 | wire::wanted_bit);
  agent::count_levels(frames, *filter);
  CHECK(levels() == Levels{0, 1, 1, 2});
  CHECK(frames.at(1).is_muted);
  CHECK_FALSE(frames.at(2).is_muted);
}

TEST_CASE_FIXTURE(Fixture, "levels are counted up to the first call that has none") {
  enter(1);
  enter(2).level = Frame::no_level;
  enter(3).level = 7;
  add_entry(300);
  agent::count_levels(frames, *filter);
  CHECK(levels() == Levels{0, Frame::no_level, 7});
}

TEST_CASE("no function is doubtful while the user has selected none") {
  CHECK_FALSE(agent::is_doubtful(wire::Verdict::unknown));
}
