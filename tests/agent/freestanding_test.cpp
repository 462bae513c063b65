#include "core/freestanding.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/temporary_folder.hpp"

using namespace mprofpp::agent;

TEST_CASE("a number ends at the first character that is not a digit") {
  const char* text = "1763637915 kB";
  CHECK(number_at(text).value == 1763637915);
  CHECK(number_at(text).end == text + 10);
  CHECK(number_at("0").value == 0);
  CHECK(number_at("18446744073709551615").value == ~std::uint64_t{0});
}

TEST_CASE("a text without a number has the value zero and ends where it starts") {
  for (const char* text : {"", " 1", "-1", "x"}) {
    CHECK(number_at(text).value == 0);
    CHECK(number_at(text).end == text);
  }
}

TEST_CASE("errno is restored at the end of a scope") {
  errno = ENOENT;
  {
    const KeepErrno keep_errno;
    errno = EIO;
  }
  CHECK(errno == ENOENT);
}

TEST_CASE("as much of a file is read as fits, and zero bytes end it") {
  const mprofpp::test::TemporaryFolder folder;
  char text[8];
  REQUIRE(read_proc_file(folder.write("short", "123").c_str(), text));
  CHECK(std::string(text) == "123");
  REQUIRE(read_proc_file(folder.write("long", "1234567890").c_str(), text));
  CHECK(std::string(text) == "1234567");
}

TEST_CASE("a file that is missing or empty cannot be read") {
  const mprofpp::test::TemporaryFolder folder;
  char text[8];
  CHECK_FALSE(read_proc_file((folder / "missing").c_str(), text));
  CHECK_FALSE(read_proc_file(folder.write("empty", "").c_str(), text));
}
