#include "mprofpp/report/functions.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "recorded.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using nlohmann::json;
using test::recorded;
using test::TemporaryFolder;

namespace {

FunctionReport report_of(const std::string& function, std::optional<double> added) {
  FunctionReport report{.function = function, .calls = {}, .sampled = {}};
  report.calls.calls = 1;
  if (added) report.calls.added = analysis::Added{*added, false};
  return report;
}

const RecordedRun run{.name = "x.dat", .path = "/tmp/x.dat"};

}  // namespace

TEST_CASE("the functions that added most are first, and the unknown ones last") {
  const TemporaryFolder folder;
  const auto family = recorded(folder, test::family);
  const auto reports = read_functions(family, {}, "*").value();
  REQUIRE(reports.functions.size() == 2);
  CHECK(reports.functions[0].function == "app.load");
  CHECK(reports.functions[0].calls.added->mib == 10);
  CHECK(reports.functions[1].function == "app.parse");
}

TEST_CASE("the end of a name selects one function, with the highest reading while it ran") {
  const TemporaryFolder folder;
  const auto reports = read_functions(recorded(folder, test::family), {}, "load").value();
  REQUIRE(reports.functions.size() == 1);
  CHECK(reports.functions[0].peak_mib() == 40);
}

TEST_CASE("calls outside the window do not count") {
  const TemporaryFolder folder;
  const auto family = recorded(folder, test::family);
  const auto window = window_in(family, {std::chrono::seconds(2), std::nullopt}).value();
  CHECK(read_functions(family, window, "*").value().functions.size() == 1);
}

TEST_CASE("functions that were called only outside the window are not found in it") {
  const TemporaryFolder folder;
  const auto family = recorded(folder, test::family);
  const auto window = window_in(family, {std::chrono::seconds(2), std::nullopt}).value();
  const auto error_of = [&](const std::string& wanted, const analysis::Window& within) {
    return read_functions(family, within, wanted).error();
  };
  for (const char* wanted : {"load", "app.l*"}) {
    CAPTURE(wanted);
    const auto error = error_of(wanted, window);
    CHECK(error.code == Errc::not_found);
    CHECK(error.place == wanted);
    CHECK(error.what == "was not called in that window");
    CHECK(error.hint == "the recording lasts 4.0 s");
  }
  CHECK(error_of("save", window).what == "no such function in the recording");

  const auto late = window_in(family, {std::chrono::seconds(3), std::nullopt}).value();
  const auto none = error_of("*", late);
  CHECK(none.place == "x.dat");
  CHECK(none.what == "no function was called in that window");
}

TEST_CASE("a recording without calls has no function marks, in a window or as a whole") {
  const TemporaryFolder folder;
  const auto bare = recorded(folder, test::two_runs);
  for (const auto& window : {analysis::Window{}, window_in(bare, {{}, {}}).value(),
                             window_in(bare, {std::chrono::seconds(1), {}}).value()}) {
    const auto error = read_functions(bare, window, "load").error();
    CHECK(error.code == Errc::not_found);
    CHECK(error.place == "x.dat");
    CHECK(error.what == "the recording has no function marks");
  }
}

TEST_CASE("a function that no call has is not found") {
  const TemporaryFolder folder;
  const auto error = read_functions(recorded(folder, test::family), {}, "save").error();
  CHECK(error.code == Errc::not_found);
  CHECK(error.place == "save");
}

TEST_CASE("the first line has the peak of a single function, or the number of functions") {
  auto one = report_of("app.load", 10);
  one.calls.entry = analysis::TimedValue{3.5, {}};
  const auto first_line = [](const FunctionReports& reports) {
    const auto text = functions_text(run, reports, Detail::peaks);
    return text.substr(0, text.find('\n'));
  };
  CHECK(first_line({{one}, {}}) == "x.dat\t3.500 MiB");
  CHECK(first_line({{one, one}, {}}) == "x.dat\t2 functions");
  CHECK(first_line({{report_of("app.load", 1)}, {}}) == "x.dat\tNaN MiB");
}

TEST_CASE("the table has a column for each figure, and details add three") {
  const FunctionReports reports{{report_of("app.load", 10)}, {}};
  CHECK(functions_text(run, reports, Detail::peaks) ==
        "x.dat\tNaN MiB\n"
        "      ADDED  LARGEST  CALLS  TIME  PEAK  FUNCTION\n"
        "  +10.0 MiB        -      1  0 µs     -  app.load\n");
  const auto details = functions_text(run, reports, Detail::all);
  CHECK(details.find("PEAK  SAMPLED  ENTRY  EXIT  FUNCTION") != std::string::npos);
}

TEST_CASE("an upper bound and lost marks are explained below the table") {
  auto bounded = report_of("app.load", 10);
  bounded.calls.added->at_most = true;
  const auto text = functions_text(run, {{bounded}, {.marks = 3}}, Detail::peaks);
  CHECK(text.find("≤ +10.0 MiB") != std::string::npos);
  CHECK(text.find("  ≤ upper bound: ") != std::string::npos);
  CHECK(text.find("  3 marks lost: some calls are missing\n") != std::string::npos);
}

TEST_CASE("calls that were suspended add a column for the time from start to end") {
  auto coroutine = report_of("app.handle", 1);
  coroutine.calls.seconds = 1;
  coroutine.calls.elapsed = 5;
  const auto text = functions_text(run, {{coroutine}, {}}, Detail::peaks);
  CHECK(text.find("TIME  ELAPSED") != std::string::npos);
  CHECK(text.find("1.0 s    5.0 s") != std::string::npos);
}

TEST_CASE("each function is one line of JSON, and unknown values are null") {
  const FunctionReports reports{{report_of("a", 2), report_of("b", std::nullopt)}, {.marks = 3}};
  const auto text = functions_json(run, reports);
  const auto middle = text.find('\n') + 1;
  const auto first = json::parse(text.substr(0, middle));
  const auto second = json::parse(text.substr(middle));
  CHECK(first["file"] == "x.dat");
  CHECK(first["function"] == "a");
  CHECK(first["growth_mib"] == 2.0);
  CHECK(first["growth_is_upper_bound"] == false);
  CHECK(first["lost_marks"] == 3);
  CHECK(second["function"] == "b");
  CHECK(second["growth_mib"].is_null());
  CHECK(second["peak_mib"].is_null());
}

TEST_CASE("a sample of the total counts only if the processes have no readings") {
  auto report = report_of("f", 1);
  report.sampled = analysis::FunctionSample{{99, {}}, analysis::SampleOf::total};
  CHECK(report.peak_mib() == 99);
  report.calls.exit = analysis::TimedValue{10, {}};
  CHECK(report.peak_mib() == 10);
  report.sampled->of = analysis::SampleOf::process;
  CHECK(report.peak_mib() == 99);
}
