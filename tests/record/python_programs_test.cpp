#include "mprofpp/record/marks/python_programs.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "mprofpp/wire/names.hpp"
#include "record/running.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using python::Obstacle;
using test::Running;
using test::TemporaryFolder;

namespace {

/// The folder of a test, with the files that the agent needs.
struct Fixture {
  AgentFiles files() const { return {folder.write("agent.so", ""), folder.path()}; }
  /// Returns the environment of a program that reports its marks to the run in `run`.
  static std::vector<std::string> environment_of(const std::string& run) {
    return {std::string(wire::run_variable) + "=" + run};
  }
  /// Starts a program that reports its marks to this run.
  Running start(const std::string& name) const {
    return {folder, name, environment_of(folder.path())};
  }

  const TemporaryFolder folder;
};

std::vector<python::Program> programs_of(const PythonPrograms& collected) {
  return collected.programs_or({});
}
std::vector<python::Program> other_programs_of(const PythonPrograms& collected) {
  return collected.other_programs_or({});
}

}  // namespace

TEST_CASE("a Python is collected with its executable, working directory and arguments") {
  const Fixture fixture;
  const auto process = fixture.start("python3.11");
  PythonPrograms collected(fixture.files());
  collected.examine(process.member());
  const auto programs = programs_of(collected);
  REQUIRE(programs.size() == 1);
  CHECK(programs.front().interpreter == process.path());
  CHECK(programs.front().folder == std::filesystem::current_path());
  CHECK(programs.front().argv == Running::argv());
  CHECK(programs.front().obstacle == Obstacle::none);
}

TEST_CASE("a Python without the variables of the run has lost its environment") {
  const Fixture fixture;
  const Running process(fixture.folder, "python3", {"LANG=C"});
  PythonPrograms collected(fixture.files());
  collected.examine(process.member());
  REQUIRE(programs_of(collected).size() == 1);
  CHECK(programs_of(collected).front().obstacle == Obstacle::lost_environment);
}

TEST_CASE("a Python that reports its marks to another recorder is left out") {
  const Fixture fixture;
  const Running process(fixture.folder, "python3", Fixture::environment_of("/tmp/another-run"));
  PythonPrograms collected(fixture.files());
  collected.examine(process.member());
  CHECK(programs_of(collected).empty());
}

TEST_CASE("a Python that cannot see the agent's files is out of reach") {
  const Fixture fixture;
  const auto process = fixture.start("python3");
  auto files = fixture.files();
  std::filesystem::remove(files.agent);
  PythonPrograms collected(files);
  collected.examine(process.member());
  REQUIRE(programs_of(collected).size() == 1);
  CHECK(programs_of(collected).front().obstacle == Obstacle::out_of_reach);
}

TEST_CASE("an obstacle of the executable is more important than one of the environment") {
  const Fixture fixture;
  const Running process(fixture.folder, "pypy3", {"LANG=C"});
  PythonPrograms collected(fixture.files());
  collected.examine(process.member());
  REQUIRE(programs_of(collected).size() == 1);
  CHECK(programs_of(collected).front().obstacle == Obstacle::pypy);
}

TEST_CASE("if no program can make marks, only the executable shows an obstacle") {
  const Fixture fixture;
  const Running process(fixture.folder, "python3", {"LANG=C"});
  PythonPrograms collected(std::nullopt);
  collected.examine(process.member());
  REQUIRE(programs_of(collected).size() == 1);
  CHECK(programs_of(collected).front().obstacle == Obstacle::none);
}

TEST_CASE("each command line is examined once, whichever process has it") {
  const Fixture fixture;
  const auto first = fixture.start("python3");
  const auto second = fixture.start("python3.11");
  PythonPrograms collected(fixture.files());
  collected.examine(first.member("python3 app.py"));
  collected.examine(second.member("python3 app.py"));
  CHECK(programs_of(collected).size() == 1);
  collected.examine(second.member("python3 other.py"));
  CHECK(programs_of(collected).size() == 2);
}

TEST_CASE("a process that has exited meanwhile is skipped") {
  PythonPrograms collected(std::nullopt);
  proc::Stat stat;
  stat.pid = 1 << 22;
  proc::Member process(stat, model::Metric::rss, Instant{});
  process.command = "python3 app.py";
  collected.examine(process);
  CHECK(programs_of(collected).empty());
}

TEST_CASE("the number of collected programs is limited") {
  const Fixture fixture;
  const auto process = fixture.start("python3");
  PythonPrograms collected(fixture.files());
  for (int i = 0; i < 100; ++i) collected.examine(process.member("python3 " + std::to_string(i)));
  CHECK(programs_of(collected).size() == 64);
}

TEST_CASE("programs that are not Python are ignored unless they are to be watched") {
  const Fixture fixture;
  const auto process = fixture.start("server");
  for (const auto others : {OtherPrograms::ignored, OtherPrograms::watched}) {
    PythonPrograms collected(fixture.files(), others);
    collected.examine(process.member());
    CHECK(programs_of(collected).empty());
    CHECK(other_programs_of(collected).size() == (others == OtherPrograms::watched ? 1U : 0U));
  }
}

TEST_CASE("other programs are collected until there is one into which the agent can be loaded") {
  const Fixture fixture;
  const Running shut(fixture.folder, "shut", {"LANG=C"});
  const auto open = fixture.start("open");
  const auto late = fixture.start("late");
  PythonPrograms collected(fixture.files(), OtherPrograms::watched);
  collected.examine(shut.member("shut"));
  collected.examine(open.member("open"));
  collected.examine(late.member("late"));
  const auto programs = other_programs_of(collected);
  REQUIRE(programs.size() == 2);
  CHECK(programs[0].interpreter == shut.path());
  CHECK(programs[0].obstacle == Obstacle::lost_environment);
  CHECK(programs[1].interpreter == open.path());
  CHECK(programs[1].obstacle == Obstacle::none);
}

TEST_CASE("if no Python was seen, the launched command counts if it names one") {
  const Fixture fixture;
  const std::vector<std::string> command = {"/opt/pypy3.9", "app.py"};
  PythonPrograms collected(fixture.files());
  REQUIRE(collected.programs_or(command).size() == 1);
  CHECK(collected.programs_or(command).front().interpreter == "/opt/pypy3.9");
  CHECK(collected.programs_or(command).front().argv == command);
  CHECK(collected.programs_or(command).front().obstacle == Obstacle::pypy);
  CHECK(collected.programs_or({"/opt/server"}).empty());
  const auto process = fixture.start("python3");
  collected.examine(process.member());
  REQUIRE(collected.programs_or(command).size() == 1);
  CHECK(collected.programs_or(command).front().interpreter == process.path());
}

TEST_CASE("a command without a slash is searched for in the usual folders") {
  const PythonPrograms collected(std::nullopt, OtherPrograms::watched);
  const auto found = collected.other_programs_or({"cat"});
  REQUIRE(found.size() == 1);
  CHECK(found.front().interpreter.ends_with("bin/cat"));
  const auto missing = collected.other_programs_or({"no-such-program-anywhere"});
  CHECK(missing.front().interpreter == "no-such-program-anywhere");
}

TEST_CASE(
    "the launched command counts as another program only if those are watched and none was seen") {
  const Fixture fixture;
  PythonPrograms ignoring(fixture.files());
  CHECK(ignoring.other_programs_or({"/opt/server"}).empty());
  PythonPrograms watching(fixture.files(), OtherPrograms::watched);
  REQUIRE(watching.other_programs_or({"/opt/server"}).size() == 1);
  CHECK(watching.other_programs_or({"/opt/server"}).front().interpreter == "/opt/server");
  const auto process = fixture.start("open");
  watching.examine(process.member());
  REQUIRE(watching.other_programs_or({"/opt/server"}).size() == 1);
  CHECK(watching.other_programs_or({"/opt/server"}).front().interpreter == process.path());
}
