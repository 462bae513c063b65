#include "mprofpp/inject/maps.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>

using namespace mprofpp::inject;

TEST_CASE("the start of every mapped file is found") {
  const auto starts = parse_maps(
      "55d0c0000000-55d0c0001000 r--p 00000000 fe:01 12  /usr/bin/python3.11\n"
      "55d0c0001000-55d0c0002000 r-xp 00001000 fe:01 12  /usr/bin/python3.11\n"
      "7f0000000000-7f0000001000 r--p 00000000 00:01 99  /memfd:my agent.so (deleted)\n"
      "7ffd00000000-7ffd00001000 rw-p 00000000 00:00 0   [stack]\n"
      "7ffd00002000-7ffd00003000 rw-p 00000000 00:00 0\n");
  REQUIRE(starts.size() == 2);
  CHECK(starts[0].begin == 0x55d0c0000000);
  CHECK(starts[0].name() == "python3.11");
  CHECK(starts[1].name() == "memfd:my agent.so");
}

TEST_CASE("lines of the map of memory that make no sense are skipped") {
  for (const std::string text :
       {"", "\n\n", "x", "zz-1 r--p 0 0 0 /a", "1-2 r--p", "1-2 r--p g 0 0 /a", "1-2 ---p 0 0 0 /a",
        "1-2 r--p 00000000 0 0", "1-2 r--p 00000000 0 0 ", "11111111111111111-2 r--p 0 0 0 /a"}) {
    CHECK(parse_maps(text).empty());
  }
}

TEST_CASE("our own program is in our own map") {
  const auto starts = read_maps(::getpid());
  REQUIRE(starts);
  CHECK(std::any_of(starts->begin(), starts->end(),
                    [](const auto& start) { return start.name() == "inject_test"; }));
}
