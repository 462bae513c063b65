#include "options/marking_options.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;

namespace {

Result<std::optional<record::MarkOptions>> marks_of(const Arguments& arguments) {
  return test::filled<MarkingOptions>(arguments).make("");
}

record::MarkOptions some_marks_of(const Arguments& arguments) {
  const auto marks = marks_of(arguments);
  REQUIRE(marks.has_value());
  REQUIRE(marks->has_value());
  return **marks;
}

}  // namespace

TEST_CASE("marks are recorded by default, and not with --no-marks") {
  CHECK_FALSE(marks_of({"--no-marks"}).value().has_value());
  const auto marks = some_marks_of({});
  CHECK(marks.selection.is_everything());
  CHECK(marks.readings == record::MarkReadings::reused);
  CHECK(marks.grouping.shortest == 1ms);
  CHECK(marks.agent.ends_with("/libmprofpp-agent.so"));
}

TEST_CASE("--exact reads the memory again for every mark") {
  CHECK(some_marks_of({"--exact"}).readings == record::MarkReadings::exact);
}

TEST_CASE("--all-calls lets no call share a line, and --min-span only short ones") {
  CHECK_FALSE(some_marks_of({"--all-calls"}).grouping.shortest.has_value());
  CHECK(some_marks_of({"--min-span=500us"}).grouping.shortest == 500us);
  CHECK(marks_of({"--min-span=-1"}).error().place == "--min-span");
  CHECK(marks_of({"--min-span=long"}).error().place == "--min-span");
}

TEST_CASE("code is refused in the program unless --allow-console allows it") {
  CHECK(some_marks_of({}).console == record::ConsoleUse::refused);
  CHECK(some_marks_of({"--allow-console"}).console == record::ConsoleUse::allowed);
}

TEST_CASE("patterns select functions, and may be repeated") {
  const auto marks = some_marks_of({"--trace=app.*", "--trace=db.*", "--no-trace=*.test"});
  CHECK(marks.selection.selects("app.load"));
  CHECK(marks.selection.selects("db.query"));
  CHECK_FALSE(marks.selection.selects("app.test"));
  CHECK_FALSE(marks.selection.selects("main"));
}

TEST_CASE("a pattern that the shell has expanded to a file is refused") {
  const test::CurrentFolder folder;
  folder->write("app.py", "");
  folder->write("main", "");
  CHECK(marks_of({"--trace=app.py"}).error().place == "--trace");
  CHECK(marks_of({"--no-trace=app.py"}).error().place == "--no-trace");
  CHECK(marks_of({"--trace=main"}).has_value());
}

TEST_CASE("options of marks cannot be combined with --no-marks") {
  for (const char* option :
       {"--exact", "--all-calls", "--min-span=1ms", "--trace=x", "--no-trace=x"}) {
    CAPTURE(option);
    CHECK_THROWS_AS(test::filled<MarkingOptions>({"--no-marks", option}), CLI::ExcludesError);
  }
}

TEST_CASE("lines are counted on request only") {
  CHECK_FALSE(some_marks_of({}).lines.has_value());
  const auto lines = some_marks_of({"--lines"}).lines;
  REQUIRE(lines.has_value());
  CHECK(lines->patterns.empty());
  CHECK(lines->readings == record::MarkReadings::exact);
  CHECK_FALSE(lines->with_peaks);
  CHECK_FALSE(lines->replaces_memory_profiler);
}

TEST_CASE("each option about lines turns them on") {
  const auto of = some_marks_of({"--lines-of=app.*", "--lines-of=db.load"}).lines;
  REQUIRE(of.has_value());
  CHECK(of->patterns == std::vector<std::string>{"app.*", "db.load"});
  const auto peak = some_marks_of({"--lines-peak"}).lines;
  REQUIRE(peak.has_value());
  CHECK(peak->with_peaks);
  const auto reuse = some_marks_of({"--lines-reuse"}).lines;
  REQUIRE(reuse.has_value());
  CHECK(reuse->readings == record::MarkReadings::reused);
}

TEST_CASE("a pattern for lines that the shell has expanded to a file is refused") {
  const test::CurrentFolder folder;
  folder->write("app.py", "");
  CHECK(marks_of({"--lines-of=app.py"}).error().place == "--lines-of");
}
