#include "core/frames.hpp"

#include <doctest/doctest.h>

#include <vector>

using mprofpp::agent::Frame;
using mprofpp::agent::Frames;

namespace {

constexpr std::size_t few = 32;             // frames in the object itself
constexpr std::size_t most = few + 65'536;  // with extra memory

struct Fixture {
  ~Fixture() { frames.release(); }

  void push(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) frames.push({.call = frames.depth(), .what = 7});
  }
  std::vector<std::uint64_t> calls() const {
    std::vector<std::uint64_t> calls;
    for (std::size_t i = 0; i < frames.kept(); ++i) calls.push_back(frames.at(i).call);
    return calls;
  }

  Frames frames;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the innermost frame is the one that was pushed last") {
  CHECK(frames.empty());
  CHECK_FALSE(frames.is_known());
  push(3);
  CHECK(frames.depth() == 3);
  CHECK(frames.innermost().call == 2);
  frames.pop();
  CHECK(frames.innermost().call == 1);
}

TEST_CASE_FIXTURE(Fixture, "the frames after a removed one move up") {
  push(4);
  frames.remove(1);
  CHECK(calls() == std::vector<std::uint64_t>{0, 2, 3});
  frames.remove(2);
  CHECK(calls() == std::vector<std::uint64_t>{0, 2});
}

TEST_CASE_FIXTURE(Fixture, "frames without room are only counted, and are unknown until they end") {
  push(few);
  CHECK_FALSE(frames.has_room());
  CHECK(frames.is_known());
  CHECK_FALSE(frames.push({.call = 99, .what = 7}));
  CHECK(frames.depth() == few + 1);
  CHECK(frames.kept() == few);
  CHECK_FALSE(frames.is_known());
  frames.pop();
  CHECK(frames.is_known());
  CHECK(frames.innermost().call == few - 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "extra memory holds very deep recursions, and the next frame is counted") {
  push(few);
  frames.make_room();
  frames.make_room();
  CHECK(frames.has_room());
  push(most - few);
  CHECK(frames.innermost().call == most - 1);
  CHECK_FALSE(frames.push({.call = 0, .what = 7}));
  CHECK(frames.kept() == most);
  frames.pop();
  frames.remove(few - 1);
  CHECK(frames.at(few - 1).call == few);
  CHECK(frames.innermost().call == most - 1);
}

TEST_CASE_FIXTURE(Fixture, "once the counted frames are forgotten, stored ones can be removed") {
  push(few + 8);
  frames.forget_unstored();
  CHECK(frames.is_known());
  CHECK(frames.depth() == few);
  for (auto i = few; i-- > 0;) frames.remove(i);
  CHECK(frames.empty());
}

TEST_CASE_FIXTURE(Fixture, "released frames are gone, and there is room for the first ones again") {
  push(few);
  frames.make_room();
  push(10);
  frames.release();
  CHECK(frames.empty());
  push(few);
  CHECK_FALSE(frames.has_room());
}
