#include "mprofpp/chart/words.hpp"

#include <doctest/doctest.h>

#include "mprofpp/base/units.hpp"
#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using namespace std::chrono_literals;
using analysis::Grid;
using analysis::HistoryFold;
using analysis::ProcessHistory;
using test::after;

namespace {

Grid grid() {
  return {after(0), after(0), after(10), 100, Grid::Outside::widen};
}

ProcessHistory process(const std::string& name, const std::string& command, pid_t parent = 1200) {
  ProcessHistory made{.id = {1234, 1},
                      .parent = parent,
                      .name = name,
                      .command = command,
                      .series = analysis::Series(grid(), 100)};
  return made;
}

}  // namespace

TEST_CASE("a process is called by its title, else by its program or script") {
  CHECK(process_name(process("gunicorn", "gunicorn: worker [app:app]")) ==
        "gunicorn: worker [app:app] 1234 ← 1200");
  CHECK(process_name(process("nginx", "nginx -g x")) == "nginx 1234 ← 1200");
  CHECK(process_name(process("python3", "python3 -u /srv/jobs.py --all")) ==
        "python3 jobs.py 1234 ← 1200");
  CHECK(process_name(process("python3.11", "python3.11 -m http.server")) ==
        "python3.11 http.server 1234 ← 1200");
  CHECK(process_name(process("python3", "python3 -c import: x")) == "python3 1234 ← 1200");
  CHECK(process_name(process("init", "init", 0)) == "init 1234");
  CHECK(process_name(process("", "")) == "child 1234");
}

TEST_CASE("a path with a colon is no title") {
  CHECK(process_title(process("rsync", "/usr/bin/rsync host: x")) == "rsync");
}

TEST_CASE("names are one line of valid UTF-8") {
  CHECK(one_line("a\nb\x01\xff") == "a b \xEF\xBF\xBD");
  CHECK(one_line("a\u009Bb\u2028c") == "a b c");
  CHECK(one_line("\u202Eevil") == " evil");
}

TEST_CASE("what follows a name from right to left stands to the right of it") {
  CHECK(one_line("שלום") == "שלום\u200E");
  CHECK(one_line("日本 naïve") == "日本 naïve");
}

TEST_CASE("growth carries its sign") {
  CHECK(growth_text(12) == "+12.0 MiB");
  CHECK(growth_text(-3.14) == "−3.1 MiB");
  CHECK(growth_text(0.0001) == "0");
  CHECK(growth_text(std::nan("")) == "");
}

TEST_CASE("a slope is told in MiB an hour with the decimals it needs") {
  CHECK(slope_text(6.0 / 3600) == "+6.0 MiB/h");
  CHECK(slope_text(-1.0) == "−3600 MiB/h");
  CHECK(slope_text(0.05 / 3600) == "+0.050 MiB/h");
  CHECK(slope_text(1e-12) == "0 MiB/h");
}

TEST_CASE("absurd amounts have words too") {
  CHECK(memory_text(std::nan("")) == "unknown");
  CHECK(memory_text(1e300) == "unknown");
  CHECK(memory_text(-2) == "−2.0 MiB");
}

TEST_CASE("the dollars of our own files lose their backslash, those of mprof's keep it") {
  for (const bool ours : {true, false}) {
    HistoryFold fold(grid());
    fold.take(model::CommandLine{"echo \\$HOME"});
    if (ours) fold.take(model::Meta{"format", {"1"}});
    CHECK(command_text(fold.finish()) == (ours ? "echo $HOME" : "echo \\$HOME"));
  }
}

TEST_CASE("the MEM line is a total where children are in it, else the process") {
  HistoryFold family(grid());
  test::tell_family(family, 3);
  CHECK(total_name(family.finish()) == "total (4 processes)");

  HistoryFold alone(grid());
  test::tell_growing(alone);
  CHECK(total_name(alone.finish()) == "grow");

  HistoryFold apart(grid());
  apart.take(model::CommandLine{"/usr/bin/server"});
  apart.take(model::Sample{5, after(0)});
  apart.take(model::ChildSample{7, 50, after(0)});
  CHECK(total_name(apart.finish()) == "server");
}

TEST_CASE("a moment of the clock has its day where there are several") {
  const TimeAxis clock{TimeAxis::Kind::clock, Instant(23h), {}};
  CHECK(moment_text(60, {0, 600}, clock) == "at 23:01:00");
  CHECK(moment_text(7200, {0, 9000}, clock) == "at 2 Jan 01:00:00");
}

TEST_CASE("a moment is told as peak tells it, and more exactly where the chart shows more") {
  CHECK(moment_text(3.456, {0, 10}, {}) == "at " + readable_moment(3456ms));
  CHECK(moment_text(3.456, {3.4, 3.9}, {}) == "at 3.456 s");
  CHECK(moment_text(90061, {0, 172800}, {}) == "at 1 d 1 h 1 min");
  CHECK(moment_text(90061.5, {90000, 90100}, {}) == "at 1 d 1 h 1 min 2 s");
  CHECK(moment_text(0, {0, 10}, {}) == "at the start");
}
