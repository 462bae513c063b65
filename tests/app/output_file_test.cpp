#include "loadtest/output_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "mprofpp/base/file.hpp"

using namespace mprofpp;
using namespace mprofpp::app;

namespace {

constexpr std::size_t mebibyte = 1 << 20;

OutputFile opened() {
  auto output = OutputFile::open();
  REQUIRE(output.has_value());
  return std::move(*output);
}

void write(const OutputFile& output, const std::string& text) {
  REQUIRE(write_all(output.fd(), text).has_value());
}

}  // namespace

TEST_CASE("the output of a program is returned once") {
  auto output = opened();
  write(output, "one\n");
  CHECK(output.take_new() == "one\n");
  write(output, "two\n");
  CHECK(output.take_new() == "two\n");
  CHECK(output.take_new().empty());
  CHECK(output.tail(4) == "two\n");
}

TEST_CASE("old output does not occupy space, and the tail remains") {
  auto output = opened();
  for (int i = 0; i < 16; ++i) {
    write(output, std::string(mebibyte, 'x'));
    output.drop_old();
  }
  write(output, "Complete requests: 7\n");
  struct stat status {};
  REQUIRE(::fstat(output.fd(), &status) == 0);
  CHECK(static_cast<std::size_t>(status.st_blocks) * 512 < 4 * mebibyte);
  CHECK(output.tail(mebibyte).ends_with("xComplete requests: 7\n"));
  CHECK(output.tail(100 * mebibyte).find('\0') == std::string::npos);
}

TEST_CASE("the size of output that was dropped unread is named") {
  auto output = opened();
  write(output, std::string(4 * mebibyte, 'x'));
  output.drop_old();
  CHECK(output.take_new().starts_with("(3.0 MiB left out)\nxxx"));
  CHECK(output.take_new().empty());
}

TEST_CASE("little output is not dropped") {
  auto output = opened();
  write(output, "hello\n");
  output.drop_old();
  CHECK(output.take_new() == "hello\n");
}
