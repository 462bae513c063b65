#include "mprofpp/chart/labels.hpp"

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
                      .series = analysis::Series(grid())};
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

TEST_CASE("a title that a process gave itself is its whole name") {
  const auto title = [](const std::string& name, const std::string& command) {
    return process_title(process(name, command));
  };
  CHECK(title("uwsgi", "shop uWSGI worker 1") == "shop uWSGI worker 1");
  CHECK(title("[pytest-xdist r", "[pytest-xdist running] test_a.py::test_b") ==
        "[pytest-xdist running] test_a.py::test_b");
  CHECK(title("dask worker [tc", "dask worker [tcp://10.0.0.1:4000]") ==
        "dask worker [tcp://10.0.0.1:4000]");
  CHECK(title("ruby3.1", "puma 6.4.2 (tcp://0.0.0.0:3000) [shop]") ==
        "puma 6.4.2 (tcp://0.0.0.0:3000) [shop]");
  CHECK(title("postgres", "postgres: shop orders [local] idle   ") ==
        "postgres: shop orders [local] idle");
}

TEST_CASE("arguments are not a title") {
  const auto title = [](const std::string& name, const std::string& command) {
    return process_title(process(name, command));
  };
  CHECK(title("make", "make -j 2") == "make");
  CHECK(title("bash", "-bash") == "bash");
  CHECK(title("node-MainThread", "node server.js") == "node-MainThread");
  CHECK(title("Web Content", "/usr/lib/firefox/firefox -contentproc") == "Web Content");
  CHECK(title("celery", "/usr/bin/python3 /usr/bin/celery worker") == "celery");
}

TEST_CASE("a name that the kernel cut short is completed from the command line") {
  const auto title = [](const std::string& name, const std::string& command) {
    return process_title(process(name, command));
  };
  CHECK(title("jupyter-nbconve", "/usr/bin/python3 /usr/bin/jupyter-nbconvert --execute a.ipynb") ==
        "jupyter-nbconvert");
  CHECK(title("containerd-shim", "/usr/bin/containerd-shim-runc-v2 -id 1") ==
        "containerd-shim-runc-v2");
  CHECK(title("containerd-shim", "/bin/other") == "containerd-shim");
}

TEST_CASE("a path with a colon is not a title") {
  CHECK(process_title(process("rsync", "/usr/bin/rsync host: x")) == "rsync");
}

TEST_CASE("names are one line of valid UTF-8") {
  CHECK(one_line("a\nb\x01\xff") == "a b \xEF\xBF\xBD");
  CHECK(one_line("a\u009Bb\u2028c") == "a b c");
  CHECK(one_line("\u202Eevil") == " evil");
}

TEST_CASE("what follows a name that runs from right to left appears to the right of it") {
  CHECK(one_line("שלום") == "שלום\u200E");
  CHECK(one_line("日本 naïve") == "日本 naïve");
}

TEST_CASE("dollar signs lose their backslash in our own files and keep it in those of mprof") {
  for (const bool ours : {true, false}) {
    HistoryFold fold(grid());
    fold.take(model::CommandLine{"echo \\$HOME"});
    if (ours) fold.take(model::Settings{.format = 1});
    CHECK(command_text(fold.finish()) == (ours ? "echo $HOME" : "echo \\$HOME"));
  }
}

TEST_CASE("the MEM line is a total if children are in it, else the process") {
  HistoryFold family(grid());
  test::feed_family(family, 3);
  CHECK(total_name(family.finish()) == "total (4 processes)");

  HistoryFold alone(grid());
  test::feed_growing(alone);
  CHECK(total_name(alone.finish()) == "grow");

  HistoryFold apart(grid());
  apart.take(model::CommandLine{"/usr/bin/server"});
  apart.take(model::Sample{5, after(0)});
  apart.take(model::ChildSample{7, 50, after(0)});
  CHECK(total_name(apart.finish()) == "server");
}

TEST_CASE("a time of the clock has its day if there are several days") {
  const TimeAxis clock{TimeAxis::Kind::clock, Instant(23h), {}};
  CHECK(moment_text(60, {0, 600}, clock) == "at 23:01:00");
  CHECK(moment_text(7200, {0, 9000}, clock) == "at 2 Jan 01:00:00");
}

TEST_CASE("a moment is shown as in peak, and more exactly if the chart shows more") {
  CHECK(moment_text(3.456, {0, 10}, {}) == "at " + readable_moment(3456ms));
  CHECK(moment_text(3.456, {3.4, 3.9}, {}) == "at 3.456 s");
  CHECK(moment_text(90061, {0, 172800}, {}) == "at 1 d 1 h 1 min");
  CHECK(moment_text(90061.5, {90000, 90100}, {}) == "at 1 d 1 h 1 min 2 s");
  CHECK(moment_text(0, {0, 10}, {}) == "at the start");
}
