#include "mprofpp/ring/line_table.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

#include "ring/table_bytes.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::ring;
using test::TableBytes;
using test::TemporaryFolder;

namespace {

LineTable opened(const std::string& path) {
  auto table = LineTable::open(path);
  REQUIRE(table.has_value());
  return std::move(*table);
}

Errc error_of(const TemporaryFolder& folder, std::string_view bytes) {
  const auto table = LineTable::open(folder.write("42.2.lines", bytes));
  REQUIRE_FALSE(table.has_value());
  return table.error().code;
}

TableBytes two_lines() {
  TableBytes table({});
  table.function(0,
                 {.precision = 4, .calls = 3, .ended = 2, .first_entry = 100, .most_entry = 200});
  table.line(0, {.line = 11, .count = 3, .added = -8, .most = 300, .peak = 400, .elapsed = 500});
  table.line(0, {.line = 50, .count = 1, .added = 4096, .most = 700});
  return table;
}

}  // namespace

TEST_CASE("a table is read as its process has written it") {
  const TemporaryFolder folder;
  auto bytes = two_lines();
  bytes.name("app.main");
  bytes.allocated(65536);
  bytes.highest(1 << 20);
  bytes.facts(wire::tables_full);
  const auto table = opened(folder.write("42.2.lines", bytes.bytes()));
  CHECK(table.identity() == LineTableIdentity{42, 1, 2});
  const auto state = table.read_state();
  REQUIRE(state.has_value());
  CHECK(state->allocated == Bytes(65536));
  CHECK(state->highest == Bytes(1 << 20));
  CHECK(state->facts == wire::tables_full);

  const auto content = table.read_content();
  REQUIRE(content.has_value());
  REQUIRE(content->functions.size() == 1);
  const auto& function = content->functions.front();
  CHECK(function.key == FunctionKey{"app.load", "/srv/app.py", 10});
  CHECK(function.calls == CallNumbers{4, 3, 2, 0, 0, 100, 200});
  REQUIRE(function.lines.size() == 2);
  CHECK(function.lines.at(11) == LineNumbers{3, -8, 300, 400, 500});
  CHECK(function.lines.at(50) == LineNumbers{1, 4096, 700, 0, 0});
  CHECK(content->other_names == std::vector<std::string>{"app.main"});
}

TEST_CASE("blocks that are not complete yet are left out") {
  const TemporaryFolder folder;
  auto bytes = two_lines();
  const auto used = bytes.bytes().size();
  bytes.line(0, {.line = 90, .count = 1});
  bytes.used(used);
  const auto content = opened(folder.write("42.2.lines", bytes.bytes())).read_content();
  REQUIRE(content.has_value());
  CHECK(content->functions.at(0).lines.size() == 2);
}

TEST_CASE("what is not a line table of this build is refused") {
  const TemporaryFolder folder;
  CHECK(error_of(folder, "") == Errc::malformed);
  CHECK(error_of(folder, std::string(200, 'x')) == Errc::malformed);
  auto bytes = two_lines().bytes();
  CHECK(error_of(folder, bytes.substr(0, 40)) == Errc::malformed);
  bytes[offsetof(wire::LineTableHeader, stamp)] ^= 1;
  CHECK(error_of(folder, bytes) == Errc::unsupported);
  CHECK(LineTable::open(folder / "missing").error().code == Errc::not_found);
}

TEST_CASE("a pipe or a link with the name of a table is refused without waiting") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "1.2.lines").c_str(), 0600) == 0);
  CHECK(LineTable::open(folder / "1.2.lines").error().code == Errc::malformed);
  const auto real = folder.write("real", two_lines().bytes());
  REQUIRE(::symlink(real.c_str(), (folder / "3.4.lines").c_str()) == 0);
  CHECK_FALSE(LineTable::open(folder / "3.4.lines").has_value());
}

TEST_CASE("a table that its process cuts short is read as far as it goes") {
  const TemporaryFolder folder;
  const auto path = folder.write("42.2.lines", two_lines().bytes());
  const auto table = opened(path);
  std::filesystem::resize_file(path, two_lines().bytes().size() - 8);
  const auto content = table.read_content();
  REQUIRE(content.has_value());
  CHECK(content->functions.at(0).lines.size() == 1);
  std::filesystem::resize_file(path, 10);
  CHECK_FALSE(table.read_content().has_value());
  CHECK_FALSE(table.read_state().has_value());
}

TEST_CASE("a size that lies does not make the recorder read more than the file") {
  const TemporaryFolder folder;
  auto bytes = two_lines();
  bytes.used(std::numeric_limits<std::uint64_t>::max());
  auto table = opened(folder.write("42.2.lines", bytes.bytes()));
  CHECK(table.read_content()->functions.empty());  // an impossible size counts as none
  bytes.used(std::uint64_t{1} << 40);
  table = opened(folder.write("42.2.lines", bytes.bytes()));
  CHECK(table.read_content()->functions.size() == 1);
}

TEST_CASE("a block with an impossible size ends the table") {
  auto bytes = std::string(two_lines().blocks());
  const auto first = reinterpret_cast<const wire::BlockHeader*>(bytes.data())->size;
  for (const std::uint32_t size : {0U, 4U, 12U, 0xfffffff8U}) {
    std::memcpy(bytes.data() + first + offsetof(wire::BlockHeader, size), &size, sizeof size);
    const auto content = parse_table_blocks(bytes);
    REQUIRE(content.functions.size() == 1);
    CHECK(content.functions.front().lines.empty());
  }
}

TEST_CASE("a function whose names do not fit into its block is left out, and so are its lines") {
  auto bytes = std::string(two_lines().blocks());
  const std::uint32_t length = 0xffffffff;
  std::memcpy(bytes.data() + offsetof(wire::FunctionBlock, name_length), &length, sizeof length);
  CHECK(parse_table_blocks(bytes).functions.empty());
}

TEST_CASE("numbers that cannot be right are 0") {
  TableBytes bytes({});
  bytes.function(0, {.calls = std::uint64_t{1} << 63});
  bytes.line(0, {.line = 11,
                 .count = 1,
                 .added = std::numeric_limits<std::int64_t>::min(),
                 .most = std::numeric_limits<std::uint64_t>::max()});
  const auto content = parse_table_blocks(bytes.blocks());
  CHECK(content.functions.at(0).calls.calls == 0);
  CHECK(content.functions.at(0).lines.at(11) == LineNumbers{1, 0, 0, 0, 0});
}

TEST_CASE("lines before the function, and lines that have not been executed, are left out") {
  TableBytes bytes({});
  bytes.function(0, {.first_line = 10});
  bytes.line(0, {.line = 9, .count = 1});
  bytes.line(0, {.line = std::numeric_limits<std::uint32_t>::max(), .count = 1});
  bytes.line(1, {.line = 11, .count = 1});
  CHECK(parse_table_blocks(bytes.blocks()).functions.at(0).lines.empty());
}

TEST_CASE("code with the same name and place is one function") {
  TableBytes bytes({});
  bytes.function(0, {.calls = 0, .first_entry = 0});
  bytes.function(1, {.calls = 2, .ended = 1, .first_entry = 70, .most_entry = 90});
  bytes.line(0, {.line = 11, .count = 1, .added = 5, .most = 10});
  bytes.line(1, {.line = 11, .count = 2, .added = 7, .most = 9});
  const auto content = parse_table_blocks(bytes.blocks());
  REQUIRE(content.functions.size() == 1);
  CHECK(content.functions[0].calls == CallNumbers{-1, 2, 1, 0, 0, 70, 90});
  CHECK(content.functions[0].lines.at(11) == LineNumbers{3, 12, 10, 0, 0});
}
