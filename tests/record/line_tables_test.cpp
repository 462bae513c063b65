#include "mprofpp/record/marks/line_tables.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "mprofpp/base/source_hash.hpp"
#include "ring/table_bytes.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::Collector;
using test::TableBytes;
using test::TemporaryFolder;

namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr pid_t pid = 4000;  ///< as the recorder sees the process, which sees 42 itself
constexpr std::uint64_t far_future = 10'000'000'000;

pid_t pid_of(const LineTables::Identity& identity) {
  return pid - 42 + static_cast<pid_t>(identity.pid);
}

/// A folder in which a process keeps a table, and the recorder's side of it.
struct Fixture {
  std::string keep(const TableBytes& bytes, std::string_view name = "42.2.lines") const {
    return folder.write(name, bytes.bytes());
  }
  /// Attaches a table of a process that started at `start`, in clock ticks since boot.
  void attach(const TableBytes& bytes, const LineTables::Identity& identity = {42, 1, 2},
              std::uint64_t start = far_future) {
    const auto name =
        std::to_string(identity.pid) + "." + std::to_string(identity.begun) + ".lines";
    REQUIRE(tables.open(keep(bytes, name)));
    tables.attach_process(identity, {pid_of(identity), start});
  }
  std::vector<model::Line> new_lines() {
    auto lines = out.of<model::Line>();
    out.records.clear();
    return lines;
  }

  TemporaryFolder folder;
  Collector out;
  LineTables tables{out};
};

TableBytes table_with(std::uint64_t calls, std::uint64_t count, std::int64_t added,
                      std::uint64_t begun = 2) {
  TableBytes bytes({42, 1, begun});
  bytes.function(0, {.file = "/none/app.py",
                     .precision = 4,
                     .calls = calls,
                     .ended = 1,
                     .first_entry = 20 * mebibyte,
                     .most_entry = 30 * mebibyte});
  bytes.line(0, {.line = 12, .count = count, .added = added, .most = 40 * mebibyte});
  return bytes;
}

}  // namespace

TEST_CASE("the lines of a function are recorded, and its calls with its first line") {
  Fixture fixture;
  fixture.attach(table_with(3, 5, -static_cast<std::int64_t>(mebibyte) / 2));
  fixture.tables.write_due(Instant{10s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 2);
  model::Line calls{pid, "app.load", "/none/app.py", 10, 10, 3, 30.0, 20.0};
  calls.calls = model::LineCalls{.open = 2, .precision = 4};
  CHECK(lines[0] == calls);
  CHECK(lines[1] == model::Line{pid, "app.load", "/none/app.py", 10, 12, 5, 40.0, -0.5});
}

TEST_CASE("only lines that have changed are recorded again, once a second at most") {
  Fixture fixture;
  fixture.attach(table_with(1, 1, 0));
  fixture.tables.write_due(Instant{10s});
  fixture.new_lines();
  fixture.keep(table_with(1, 2, mebibyte));
  fixture.tables.write_due(Instant{10s + 500ms});
  CHECK(fixture.new_lines().empty());
  fixture.tables.write_due(Instant{100s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].count == 2);
  CHECK(lines[0].increment_mib == 1);
  fixture.tables.write_due(Instant{200s});
  CHECK(fixture.new_lines().empty());
}

TEST_CASE("what a process has counted since the last record is recorded when it has ended") {
  Fixture fixture;
  fixture.attach(table_with(1, 1, 0));
  fixture.tables.write_due(Instant{10s});
  fixture.new_lines();
  const auto path = fixture.keep(table_with(2, 2, 0));
  CHECK(fixture.tables.has(pid));
  fixture.tables.process_ended(pid);
  CHECK(fixture.new_lines().size() == 2);
  CHECK_FALSE(fixture.tables.has(pid));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("the numbers of programs that replace each other in a process are added") {
  Fixture fixture;
  fixture.attach(table_with(1, 2, mebibyte));
  fixture.attach(table_with(3, 4, mebibyte, 9), {42, 1, 9});
  fixture.tables.write_due(Instant{10s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 4);
  CHECK(lines[2].count == 4);
  CHECK(lines[2].increment_mib == 20);
  CHECK(lines[3].count == 6);
  CHECK(lines[3].increment_mib == 2);
}

TEST_CASE("a program that has ended no longer uses memory for its tables") {
  Fixture fixture;
  auto bytes = table_with(1, 1, 0);
  bytes.allocated(65536);
  fixture.attach(bytes);
  auto earlier = table_with(1, 1, 0, 1);
  earlier.allocated(4096);  // which exec has given back
  fixture.attach(earlier, {42, 1, 1});
  std::unordered_map<pid_t, Bytes> memory{{pid, Bytes(1000)}};
  fixture.tables.add_memory(memory);
  CHECK(memory[pid] == Bytes(66536));
  fixture.tables.program_ended(pid, 1);  // the table was made later
  memory.clear();
  fixture.tables.add_memory(memory);
  CHECK(memory[pid] == Bytes(65536));
  fixture.tables.program_ended(pid, 2);
  memory.clear();
  fixture.tables.add_memory(memory);
  CHECK(memory.empty());
}

TEST_CASE("the high-water mark before a reset is that of the process's table") {
  Fixture fixture;
  auto bytes = table_with(1, 1, 0);
  fixture.attach(bytes);
  std::unordered_map<pid_t, Bytes> memory;
  fixture.tables.add_memory(memory);
  CHECK(fixture.tables.highest().empty());
  bytes.highest(70 * mebibyte);
  fixture.keep(bytes);
  fixture.tables.add_memory(memory);
  CHECK(fixture.tables.highest().at(pid) == Bytes::from_mebibytes(70));
}

TEST_CASE("the hash of the source is recorded with the calls") {
  Fixture fixture;
  const auto source = fixture.folder.write("app.py", "def load(): pass\n");
  TableBytes bytes({});
  bytes.function(0, {.file = source, .calls = 1});
  fixture.attach(bytes);
  fixture.tables.write_due(Instant{10s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].calls->source_hash == source_hash("def load(): pass\n"));
}

TEST_CASE("a source that has changed since the process was started has no hash") {
  Fixture fixture;
  TableBytes bytes({});
  bytes.function(0, {.file = fixture.folder.write("app.py", "x"), .calls = 1});
  fixture.attach(bytes, {42, 1, 2}, 0);
  fixture.tables.write_due(Instant{10s});
  CHECK(fixture.new_lines().at(0).calls->source_hash == unknown_source_hash);
}

TEST_CASE("a source that has changed since its first process was started has no hash in workers") {
  Fixture fixture;
  const auto source = fixture.folder.write("app.py", "x");
  TableBytes parent({41, 1, 2});
  parent.function(0, {.file = source});  // which it has only loaded
  TableBytes worker({42, 1, 2});
  worker.function(0, {.file = source, .calls = 1});
  fixture.attach(parent, {41, 1, 2}, 0);
  fixture.attach(worker);
  fixture.tables.write_due(Instant{10s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].calls->source_hash == unknown_source_hash);
}

TEST_CASE("a relative name of a source becomes absolute if a working directory has the file") {
  const test::TemporaryFolder folder;
  SourceFiles files;
  const Instant future{10s * 500'000'000};
  const auto path = folder.write("app.py", "x");
  const auto found = files.of({-1, folder.path(), future}, "app.py");
  CHECK(found.name == path);
  CHECK(found.hash == source_hash("x"));
  const auto missing = files.of({-1, folder.path(), future}, "other.py");
  CHECK(missing.name == "other.py");
  CHECK_FALSE(missing.hash);
}

TEST_CASE("a function of a single line has one record for its calls and its growth") {
  Fixture fixture;
  TableBytes bytes({});
  bytes.function(0, {.calls = 2, .ended = 2, .first_entry = mebibyte, .most_entry = mebibyte});
  bytes.line(0, {.line = 10, .count = 2, .added = mebibyte, .most = 3 * mebibyte});
  fixture.attach(bytes);
  fixture.tables.write_due(Instant{10s});
  const auto lines = fixture.new_lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].count == 2);
  CHECK(lines[0].increment_mib == 2);
  CHECK(lines[0].max_mib == 3.0);
}

TEST_CASE("a function that was only decorated has no records") {
  Fixture fixture;
  TableBytes bytes({});
  bytes.function(0, {});
  fixture.attach(bytes);
  fixture.tables.write_due(Instant{10s});
  CHECK(fixture.new_lines().empty());
  CHECK_FALSE(fixture.tables.outcome({}).any);
}

TEST_CASE("tables wait until their process is known, also if it has exited unseen") {
  Fixture fixture;
  REQUIRE(fixture.tables.open(fixture.keep(table_with(1, 1, 0))));
  fixture.tables.write_due(Instant{10s});
  CHECK(fixture.new_lines().empty());
  CHECK(fixture.tables.has_unidentified());
  CHECK_FALSE(fixture.tables.attach_unseen({42, 7}));
  CHECK(fixture.tables.attach_unseen({42, 1}));
  CHECK_FALSE(fixture.tables.has_unidentified());
  fixture.tables.finish();
  CHECK(fixture.new_lines().size() == 2);
}

TEST_CASE("a file that is not a table is ignored") {
  Fixture fixture;
  CHECK(fixture.tables.open(fixture.folder.write("1.2.lines", "something else")));
  CHECK_FALSE(fixture.tables.has_unidentified());
}

TEST_CASE("a pattern that matches no counted function is reported with similar names") {
  Fixture fixture;
  auto bytes = table_with(1, 1, 0);
  bytes.name("app.upload_file");
  bytes.facts(wire::tables_full);
  fixture.attach(bytes);
  fixture.tables.finish();
  const auto outcome = fixture.tables.outcome({"app.l*", "app.uplaod_*"});
  CHECK(outcome.any);
  CHECK(outcome.tables_full);
  CHECK_FALSE(outcome.peaks_refused);
  REQUIRE(outcome.unmatched.size() == 1);
  CHECK(outcome.unmatched[0].pattern == "app.uplaod_*");
  CHECK(outcome.unmatched[0].nearest == std::vector<std::string>{"app.upload_file"});
}
