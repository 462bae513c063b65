#include "mprofpp/store/runs.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using store::find_runs;
using store::Run;
using test::TemporaryFolder;

TEST_CASE("a run starts at a CMDLINE line that follows samples") {
  const TemporaryFolder folder;
  const std::string first = "CMDLINE a\nFUNC f 1 1 1 2 0\nMEM 1 1\nMEM 1 2\n";
  const std::string second = "CMDLINE b\nMEM 2 5\n";
  const auto runs = find_runs(folder.write("x.dat", first + second)).value();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0] == Run{0, first.size(), 0});
  CHECK(runs[1] == Run{first.size(), std::nullopt, 4});
}

TEST_CASE("calls before the first CMDLINE line and a run without samples do not count as runs") {
  const TemporaryFolder folder;
  CHECK(find_runs(folder.write("x.dat", "FUNC f 1 1 1 2 0\nCMDLINE a\nCMDLINE b\nMEM 1 1\n"))
            .value()
            .size() == 1);
}

TEST_CASE("a line longer than a block is one line") {
  const TemporaryFolder folder;
  const std::string first = "MEM 1 1\n" + std::string(600 * 1024, 'x') + "CMDLINE no\n";
  const auto runs = find_runs(folder.write("x.dat", first + "CMDLINE b\nMEM 2 5\n")).value();
  REQUIRE(runs.size() == 2);
  CHECK(runs[1] == Run{first.size(), std::nullopt, 2});
}

TEST_CASE("lines are found wherever blocks are cut") {
  const TemporaryFolder folder;
  std::string text;
  for (int run = 0; run < 5; ++run) {
    text += "CMDLINE x\n";
    for (int i = 0; i < 7001 + run; ++i) text += "MEM 123.456 1234567890.1\n";
  }
  CHECK(find_runs(folder.write("x.dat", text)).value().size() == 5);
}

TEST_CASE("a second run is found wherever its CMDLINE line is cut by a block") {
  const TemporaryFolder folder;
  const std::string second = "CMDLINE b\nMEM 2 5\n";
  for (std::size_t begin = 64 * 1024 - 12; begin < 64 * 1024 + 3; ++begin) {
    std::string text = "CMDLINE a\nMEM 1 1\n";
    text += std::string(begin - text.size() - 1, '#') + '\n';
    const auto runs = find_runs(folder.write("x.dat", text + second)).value();
    REQUIRE(runs.size() == 2);
    CHECK(runs[1] == Run{begin, std::nullopt, 3});
  }
}

TEST_CASE("a finished recording of ours is one run, and is not searched") {
  const TemporaryFolder folder;
  const std::string ours =
      "CMDLINE a\nMETA format 1\nMEM 1 1\nCMDLINE b\nMEM 1 2\nEND 3 ended 2 1 1\n";
  CHECK(find_runs(folder.write("x.dat", ours)).value().size() == 1);
  CHECK(find_runs(folder.write("y.dat", ours + "CMDLINE c\nMEM 1 5\n")).value().size() == 3);
}

TEST_CASE("a file that is not a recording is one run") {
  const TemporaryFolder folder;
  CHECK(find_runs(folder.write("notes.txt", "hello\n")).value().size() == 1);
  CHECK(find_runs("/dev/null").value().size() == 1);
}
