#include "mprofpp/ring/decode.hpp"

#include <doctest/doctest.h>

#include "ring/records.hpp"

using namespace mprofpp;
using namespace mprofpp::ring;
using test::header;
using test::put;
using test::slot;
using wire::RingHeader;

TEST_CASE("the header identifies the ring's process") {
  const auto identity = parse_identity(header());
  REQUIRE(identity.has_value());
  CHECK(*identity ==
        RingIdentity{.pid = 42, .writer = 42, .start = 1000, .begun = 2000, .slots = 64});
}

TEST_CASE("a header of another kind, build or size is refused") {
  const auto refused = [](std::size_t offset, std::uint32_t value) {
    auto bytes = header();
    put(bytes, offset, value);
    return !parse_identity(bytes).has_value();
  };
  CHECK(refused(offsetof(RingHeader, magic), 0));
  CHECK(refused(offsetof(RingHeader, stamp), wire::stamp + 1));
  for (const std::uint32_t slots : {0U, 1U, 32U, 65U, 1U << 18, ~0U}) {
    CHECK(refused(offsetof(RingHeader, slots), slots));
  }
  CHECK(refused(offsetof(RingHeader, segment), wire::most_segments));
  CHECK_FALSE(refused(offsetof(RingHeader, slots), 1 << 17));
}

TEST_CASE("a header that is cut at any byte is refused") {
  const auto whole = header();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(parse_identity({whole.data(), length}).has_value());
  }
  for (std::size_t length = 0; length < progress_size; ++length) {
    CHECK_FALSE(parse_progress({whole.data(), length}).has_value());
  }
}

TEST_CASE("the writer's progress does not include the bit that closes a ring") {
  auto bytes = header();
  put(bytes, offsetof(RingHeader, reserved), std::uint64_t{70});
  put(bytes, offsetof(RingHeader, dropped), std::uint64_t{3});
  CHECK(parse_progress(bytes).value() == RingProgress{wire::State::live, 70, false, 3});
  put(bytes, offsetof(RingHeader, reserved), 70 | wire::closed_bit);
  put(bytes, offsetof(RingHeader, state), wire::State::left);
  CHECK(parse_progress(bytes).value() == RingProgress{wire::State::left, 70, true, 3});
}

TEST_CASE("records are counted up to the first one that is not committed") {
  const auto record = test::enter(1, 1);
  const auto slots = slot(65, record) + slot(66, record) + slot(3, record) + slot(68, record);
  CHECK(count_committed(slots, 64) == 2);
  CHECK(count_torn(std::string_view(slots).substr(2 * sizeof(wire::Slot)), 66) == 1);
  CHECK(count_committed(slots, 0) == 0);
  CHECK(count_torn(slots, 0) == 2);  // the third slot holds a record of that round
}

TEST_CASE("a record is decoded as it was written") {
  const auto event = decode(slot(1, test::enter(9, 5)));
  REQUIRE(event.has_value());
  CHECK(std::get<wire::Event>(*event).call == 9);
  const auto text = decode(slot(1, test::text(3, "name")));
  REQUIRE(text.has_value());
  CHECK(std::get<wire::Text>(*text).length == 4);
}

TEST_CASE("bytes that are not a record are not decoded") {
  auto event = test::enter(1, 1);
  event.kind = wire::Kind{0};
  CHECK_FALSE(decode(slot(1, event)).has_value());
  event.kind = wire::Kind{6};
  CHECK_FALSE(decode(slot(1, event)).has_value());
  event = test::enter(1, 1);
  event.lane_kind = wire::LaneKind{3};
  CHECK_FALSE(decode(slot(1, event)).has_value());
  auto text = test::text(1, "x");
  text.length = wire::Text::room + 1;
  CHECK_FALSE(decode(slot(1, text)).has_value());
  CHECK_FALSE(decode(std::string(sizeof(wire::Slot) - 1, '\1')).has_value());
}

TEST_CASE("any byte but zero is decoded as true") {
  auto bytes = slot(1, test::text(1, "x", false));
  bytes[offsetof(wire::Slot, record) + offsetof(wire::Text, is_last)] = '\x7f';
  CHECK(std::get<wire::Text>(decode(bytes).value()).is_last);
}
