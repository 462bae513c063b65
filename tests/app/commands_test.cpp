#include <doctest/doctest.h>

#include <filesystem>

#include "captured.hpp"

using namespace mprofpp;
using test::CurrentFolder;
using test::dispatched;

namespace {

constexpr const char* recording = "CMDLINE a\nMEM 1.5 1000.0\nMEM 2.5 1002.0\n";
constexpr const char* default_name = "mprofile_20261120122332.dat";

}  // namespace

TEST_CASE("peak prints the newest recording if none is named") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto done = dispatched({"peak"});
  CHECK(done.status == 0);
  CHECK(done.out == "x.dat\t2.500 MiB\n  sampled 2.500 MiB at 2.0 s\n");
  CHECK(done.err == "mprofpp: using the newest recording, x.dat\n");
}

TEST_CASE("peak prints the recordings that it finds, and fails for the others") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto done = dispatched({"peak", "missing.dat", "x.dat"});
  CHECK(done.status == 1);
  CHECK(done.out.starts_with("x.dat\t2.500 MiB\n"));
  CHECK(done.err.starts_with("mprofpp: missing.dat: no such recording ("));
}

TEST_CASE("peak of a window without samples has the length of the recording") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  CHECK(dispatched({"peak", "-w", "10,", "x.dat"}).err ==
        "mprofpp: x.dat: has no samples in that window (it lasts 2.0 s)\n");
}

TEST_CASE("peak of a function without marks names the way to mark functions") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  CHECK(dispatched({"peak", "--func", "load", "x.dat"}).err ==
        "mprofpp: x.dat: the recording has no function marks (mprofpp run --help explains how to "
        "mark functions)\n");
}

TEST_CASE("peak of a function that was called outside the window has the length of the recording") {
  const CurrentFolder folder;
  folder->write("x.dat",
                "CMDLINE a\nMEM 1.5 1000.0\nFUNC leak 1.5 1000.5 2.5 1001.0 0\nMEM 2.5 1002.0\n");
  CHECK(dispatched({"peak", "-w", "1.5,2", "--func", "leak", "x.dat"}).err ==
        "mprofpp: leak: was not called in that window (the recording lasts 2.0 s)\n");
  CHECK(dispatched({"peak", "-w", "1.5,2", "--func", "*", "x.dat"}).err ==
        "mprofpp: x.dat: no function was called in that window (it lasts 2.0 s)\n");
}

TEST_CASE("peak warns of damaged lines") {
  const CurrentFolder folder;
  folder->write("x.dat", std::string(recording) + "MEM damaged\n");
  CHECK(dispatched({"peak", "x.dat"})
            .err.starts_with("mprofpp: warning: x.dat: skipped 1 damaged line (line 4: "));
}

TEST_CASE("peak --window and --from are refused together") {
  const auto done = dispatched({"peak", "--window", "1,2", "--from", "1"});
  CHECK(done.status == 2);
  CHECK(done.err.find("cannot be combined with --from and --to") != std::string::npos);
}

TEST_CASE("plot writes a picture named after the recording and prints its name") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto done = dispatched({"plot", "x.dat", "-o", "x.svg"});
  CHECK(done.status == 0);
  CHECK(done.out == "x.svg\n");
  CHECK(std::filesystem::exists("x.svg"));
}

TEST_CASE("plot to stdout prints the picture alone") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto done = dispatched({"plot", "x.dat", "-o", "-", "--format", "svg"});
  CHECK(done.out.starts_with("<"));
  CHECK(done.err.empty());
}

TEST_CASE("plot to a folder that does not exist has a hint for another file") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  const auto done = dispatched({"plot", "x.dat", "-o", "missing/x.svg"});
  CHECK(done.status == 1);
  CHECK(done.err.ends_with("(-o FILE writes elsewhere)\n"));
}

TEST_CASE("plot of an empty window has the length of the recording") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  CHECK(dispatched({"plot", "-w", "10,20", "x.dat"}).err ==
        "mprofpp: x.dat: has no samples in that window (it lasts 2.0 s)\n");
}

TEST_CASE("list prints a line for each recording") {
  const CurrentFolder folder;
  folder->write(default_name, recording);
  const auto done = dispatched({"list"});
  CHECK(done.status == 0);
  CHECK(done.out.starts_with("0  mprofile_20261120122332.dat  12:23:32 20/11/2026  2.0 s"));
  CHECK(dispatched({"list", "--json"}).out.starts_with("{\n"));
}

TEST_CASE("rm removes a recording and refuses other files") {
  const CurrentFolder folder;
  folder->write("x.dat", recording);
  folder->write("thesis.txt", "years of work\n");
  CHECK(dispatched({"rm", "thesis.txt"}).err.ends_with("(use rm for other files)\n"));
  CHECK(std::filesystem::exists("thesis.txt"));
  CHECK(dispatched({"rm", "missing.dat"}).err ==
        "mprofpp: missing.dat: no such recording (mprofpp list shows the recordings)\n");
  CHECK(dispatched({"rm", "x.dat"}).status == 0);
  CHECK_FALSE(std::filesystem::exists("x.dat"));
}

TEST_CASE("rm without an operand is wrong usage") {
  CHECK(dispatched({"rm"}).status == 2);
}

TEST_CASE("clean removes the recordings with default names only") {
  const CurrentFolder folder;
  folder->write(default_name, recording);
  folder->write("x.dat", recording);
  const auto announced = dispatched({"clean", "-n"});
  CHECK(announced.out == std::string("Files to be removed: \n") + default_name + "\n");
  CHECK(std::filesystem::exists(default_name));
  CHECK(dispatched({"clean"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(default_name));
  CHECK(std::filesystem::exists("x.dat"));
}

TEST_CASE("mark outside of a run fails, with the way to mark another process") {
  ::unsetenv("MPROFPP_RUN");
  const auto done = dispatched({"mark", "phase", "2"});
  CHECK(done.status == 1);
  CHECK(done.err.find("mprofpp mark -p PID TEXT") != std::string::npos);
  CHECK(dispatched({"mark"}).status == 2);
}
