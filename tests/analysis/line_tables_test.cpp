#include "mprofpp/analysis/line_tables.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

model::Line body(pid_t pid, int line, std::uint64_t count, double increment, double max) {
  model::Line record{pid, "app.load", "/srv/app.py", 10, line, count, max, increment};
  record.seconds = 0.5;
  record.peak_mib = max + 1;
  return record;
}

model::Line calls(pid_t pid, std::uint64_t count, double entry, double max,
                  const model::LineCalls& facts = {}) {
  model::Line record{pid, "app.load", "/srv/app.py", 10, 10, count, max, entry};
  record.calls = facts;
  return record;
}

template <class... Records>
std::vector<LineTable> tables(LineGrouping grouping, const Records&... records) {
  LineTablesFold fold;
  (fold.take(records), ...);
  return fold.tables(grouping);
}

}  // namespace

TEST_CASE("the last record of a line counts") {
  const auto found = tables(LineGrouping::merged, calls(7, 1, 20, 20), body(7, 12, 1, 3, 30),
                            body(7, 12, 4, 5, 40));
  REQUIRE(found.size() == 1);
  const auto& table = found.front();
  CHECK(table.function == "app.load");
  CHECK(table.file == "/srv/app.py");
  CHECK(table.first_line == 10);
  CHECK(table.first_row.line == 10);
  CHECK(table.first_row.count == 1);
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].line == 12);
  CHECK(table.rows[0].count == 4);
  CHECK(table.rows[0].increment_mib == 5);
  CHECK(table.rows[0].max_mib == 40.0);
  CHECK_FALSE(table.pid);
}

TEST_CASE("tables of several processes are summed, and their first row is that of the first") {
  const auto found = tables(
      LineGrouping::merged, calls(7, 2, 20, 25, {.open = 1, .shared = 2, .source_hash = 5}),
      body(7, 13, 1, 3, 30), calls(8, 1, 90, 90, {.shared = 1, .precision = 4, .source_hash = 5}),
      body(8, 11, 1, 2, 92), body(8, 13, 2, -1, 91));
  REQUIRE(found.size() == 1);
  const auto& table = found.front();
  CHECK(table.processes == 2);
  CHECK(table.first_row.count == 3);
  CHECK(table.first_row.increment_mib == 20);
  CHECK(table.first_row.max_mib == 90.0);
  CHECK(table.calls.open == 1);
  CHECK(table.calls.shared == 3);
  CHECK(table.calls.precision == 4);
  CHECK_FALSE(table.source_differs);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].line == 11);
  CHECK(table.rows[1].count == 3);
  CHECK(table.rows[1].increment_mib == 2);
  CHECK(table.rows[1].max_mib == 91.0);
  CHECK(table.rows[1].peak_mib == 92.0);
  CHECK(table.rows[1].seconds == 1.0);
}

TEST_CASE("each process has a table of its own on request") {
  const auto found =
      tables(LineGrouping::per_process, model::Process{{7, 100}, 1, {}, "python3", ""},
             calls(7, 2, 20, 25), body(7, 13, 1, 3, 30), calls(8, 1, 90, 90));
  REQUIRE(found.size() == 2);
  CHECK(found[0].pid == 7);
  CHECK(found[0].process_name == "python3");
  CHECK(found[0].rows.size() == 1);
  CHECK(found[1].pid == 8);
  CHECK_FALSE(found[1].process_name);
  CHECK(found[1].first_row.increment_mib == 90);
  CHECK(found[1].processes == 1);
}

TEST_CASE("a process that gets the pid of an earlier one has numbers of its own") {
  const auto found =
      tables(LineGrouping::merged, model::Process{{7, 100}, 1, {}, "a", ""}, calls(7, 2, 20, 25),
             model::Process{{7, 100}, 1, {}, "renamed", ""}, body(7, 13, 1, 3, 30),
             model::Process{{7, 200}, 1, {}, "b", ""}, calls(7, 1, 50, 50), body(7, 13, 1, 4, 54));
  REQUIRE(found.size() == 1);
  CHECK(found[0].processes == 2);
  CHECK(found[0].first_row.count == 3);
  CHECK(found[0].rows.at(0).increment_mib == 7);
}

TEST_CASE("functions are in the order in which they appeared, and differ by name, file and line") {
  auto other = calls(7, 1, 1, 1);
  other.function = "app.a";
  auto moved = calls(7, 1, 1, 1);
  moved.first_line = moved.line = 30;
  const auto found =
      tables(LineGrouping::merged, calls(7, 1, 1, 1), other, moved, calls(7, 2, 1, 1));
  REQUIRE(found.size() == 3);
  CHECK(found[0].first_row.count == 2);
  CHECK(found[1].function == "app.a");
  CHECK(found[2].first_line == 30);
}

TEST_CASE("a table shows that processes have run different sources") {
  const auto found = tables(LineGrouping::merged, calls(7, 1, 1, 1, {.source_hash = 5}),
                            calls(8, 1, 1, 1), calls(9, 1, 1, 1, {.source_hash = 6}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].source_differs);
  CHECK(found[0].calls.source_hash == 5);
}

TEST_CASE("a function without a record of its calls has an empty first row") {
  const auto found = tables(LineGrouping::merged, body(7, 13, 1, 3, 30));
  REQUIRE(found.size() == 1);
  CHECK(found[0].first_row.line == 10);
  CHECK(found[0].first_row.count == 0);
  CHECK_FALSE(found[0].first_row.max_mib);
}
