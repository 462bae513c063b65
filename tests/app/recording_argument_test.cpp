#include "options/recording_argument.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using test::Captured;
using test::CurrentFolder;

namespace {

constexpr const char* recording = "CMDLINE a\nMEM 1.0 1000.0\n";
constexpr const char* two_runs = "CMDLINE a\nMEM 1.0 1000.0\nCMDLINE b\nMEM 2.0 2000.0\n";

Error refused(const std::string& argument, std::optional<std::size_t> number = std::nullopt) {
  const auto chosen = choose_recording(argument, number, Captured().console());
  REQUIRE_FALSE(chosen.has_value());
  return chosen.error();
}

/// Lets stdin be a file.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) {
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ::dup2(file.get(), STDIN_FILENO);
  }
  ~StandardInput() { ::dup2(before_.get(), STDIN_FILENO); }

 private:
  Fd before_{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)};
};

}  // namespace

TEST_CASE("a recording is chosen by its name or by its index") {
  const CurrentFolder folder;
  folder->write("mprofile_20261120122332.dat", recording);
  folder->write("x.dat", recording);
  const Captured captured;
  CHECK(choose_recording("x.dat", std::nullopt, captured.console()).value().name == "x.dat");
  CHECK(choose_recording("-1", std::nullopt, captured.console()).value().name ==
        "mprofile_20261120122332.dat");
  CHECK(captured.err().empty());
}

TEST_CASE("the last of several runs is chosen with a note, unless --run has a number") {
  const CurrentFolder folder;
  folder->write("x.dat", two_runs);
  const Captured last;
  CHECK(choose_recording("x.dat", std::nullopt, last.console()).value().number == 2);
  CHECK(last.err() ==
        "mprofpp: x.dat has 2 runs: using the last one (--run 1 to 2 selects another)\n");
  const Captured first;
  CHECK(choose_recording("x.dat", 1, first.console()).value().number == 1);
  CHECK(first.err().empty());
}

TEST_CASE("a run that does not exist is refused with the values of --run") {
  const CurrentFolder folder;
  folder->write("x.dat", two_runs);
  folder->write("y.dat", recording);
  CHECK(refused("x.dat", 3).hint == "--run 1 to 2 selects one");
  CHECK(refused("y.dat", 3).hint == "it has only one");
}

TEST_CASE("a recording that does not exist is refused with a hint") {
  const CurrentFolder folder;
  CHECK(refused("x.dat").what == "no such recording");
  CHECK(refused("0").what == "no recording in this folder");
  CHECK(refused("0").hint == "make one with mprofpp run PROGRAM, or give a file");
}

TEST_CASE("without arguments the newest recording is chosen and named on stderr") {
  const CurrentFolder folder;
  const Captured captured;
  const auto chosen = [&] { return choose_recordings({}, {}, captured.console()); };
  REQUIRE(chosen().size() == 1);
  CHECK(chosen().front().error().code == Errc::not_found);
  folder->write("x.dat", recording);
  CHECK(chosen().front().value().name == "x.dat");
  CHECK(captured.err() == "mprofpp: using the newest recording, x.dat\n");
}

TEST_CASE("a recording that is not found leaves the others") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto chosen = choose_recordings({"y.dat", "x.dat"}, {}, Captured().console());
  REQUIRE(chosen.size() == 2);
  CHECK_FALSE(chosen[0]);
  CHECK(chosen[1].value().name == "x.dat");
}

TEST_CASE("a recording from stdin can be read several times") {
  const test::TemporaryFolder folder;
  const StandardInput input(folder.write("x.dat", two_runs));
  const auto run = choose_recording("-", 1, Captured().console()).value();
  CHECK(run.name == "-");
  for (int i = 0; i < 2; ++i) {
    const auto range = report::time_range(run);
    REQUIRE(range.has_value());
    CHECK(range->first == *instant_from_seconds(1000));
  }
}

TEST_CASE("the number of a run is positive") {
  CHECK_FALSE(parse_run_number("").value().has_value());
  CHECK(parse_run_number("2").value() == 2);
  for (const char* text : {"0", "-1", "x", "1.5", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(parse_run_number(text).error().place == std::string("--run ") + text);
  }
}
