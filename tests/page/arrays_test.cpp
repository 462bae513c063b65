#include "mprofpp/page/arrays.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <vector>

using namespace mprofpp::page;

namespace {

std::string unsigned_bytes(std::uint64_t number) {
  std::string bytes;
  append_unsigned(bytes, number);
  return bytes;
}

std::string signed_bytes(std::int64_t number) {
  std::string bytes;
  append_signed(bytes, number);
  return bytes;
}

}  // namespace

TEST_CASE("a number has seven bits in each byte, the lowest first") {
  CHECK(unsigned_bytes(0) == std::string(1, '\0'));
  CHECK(unsigned_bytes(127) == "\x7f");
  CHECK(unsigned_bytes(128) == "\x80\x01");
  CHECK(unsigned_bytes(300) == "\xac\x02");
  CHECK(unsigned_bytes(std::numeric_limits<std::uint64_t>::max()).size() == 10);
}

TEST_CASE("a signed number has its sign in the lowest bit") {
  CHECK(signed_bytes(-1) == "\x01");
  CHECK(signed_bytes(1) == "\x02");
  CHECK(signed_bytes(-2) == "\x03");
  CHECK(signed_bytes(64) == "\x80\x01");
  CHECK(signed_bytes(std::numeric_limits<std::int64_t>::min()) ==
        unsigned_bytes(std::numeric_limits<std::uint64_t>::max()));
}

TEST_CASE("an array is where its reference says, after those before it") {
  Arrays arrays;
  const auto same = [](std::int64_t number) { return number; };
  const auto first = arrays.add_deltas(std::vector<std::int64_t>{5, 6, 4}, 0.5, same);
  const auto second =
      arrays.add_floats(std::vector<float>{1.5F}, [](float number) { return number; });
  CHECK(first == Json{{"at", 0}, {"n", 3}, {"as", "d"}, {"scale", 0.5}, {"from", 0}});
  CHECK(second == Json{{"at", 3}, {"n", 1}, {"as", "f"}});
  CHECK(arrays.bytes().substr(0, 3) == "\x0a\x02\x03");
  CHECK(arrays.bytes().substr(3) == std::string("\0\0\xc0\x3f", 4));
}
