#include "cli/hints.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;

namespace {

std::string hint(Task task, Errc code, const std::string& place) {
  return with_hint(task, {code, place, "failed"}).hint;
}

}  // namespace

TEST_CASE("a folder without recordings has a hint how to make one") {
  CHECK(hint(Task::find_recording, Errc::not_found, "") ==
        "make one with mprofpp run PROGRAM, or give a file");
  CHECK(hint(Task::find_recording, Errc::denied, ".").empty());
}

TEST_CASE("a recording that cannot be opened has a hint how to make one") {
  CHECK(hint(Task::read_recording, Errc::not_found, "x.dat") ==
        "mprofpp run PROGRAM makes a recording");
  CHECK(hint(Task::read_recording, Errc::malformed, "x.dat").empty());
}

TEST_CASE("a recording that exists has a hint how to overwrite it") {
  CHECK(hint(Task::create_recording, Errc::exists, "x.dat") ==
        "-f overwrites it, -o FILE chooses another name");
}

TEST_CASE("a recording that is being written cannot be overwritten") {
  CHECK(hint(Task::create_recording, Errc::busy, "x.dat") == "-o FILE chooses another name");
}

TEST_CASE("a file that cannot be written may be elsewhere") {
  CHECK(hint(Task::create_recording, Errc::not_found, "/nowhere/x.dat") ==
        "-o FILE writes elsewhere");
  CHECK(hint(Task::create_recording, Errc::denied, "x.dat") == "-o FILE writes elsewhere");
  CHECK(hint(Task::write_output, Errc::io, "x.png") == "-o FILE writes elsewhere");
}

TEST_CASE("a recording without marks has a hint how to mark functions") {
  CHECK(hint(Task::choose_function, Errc::not_found, "x.dat") ==
        "mprofpp run --help explains how to mark functions");
}

TEST_CASE("rm has hints for what is missing and for what is not a recording") {
  CHECK(hint(Task::remove_recording, Errc::not_found, "x.dat") ==
        "mprofpp list shows the recordings");
  const auto thesis = with_hint(
      Task::remove_recording, {Errc::malformed, "thesis.txt", "is not a recording", "give a file"});
  CHECK(thesis.hint == "use rm for other files");
}

TEST_CASE("without the draw module only SVG is possible") {
  CHECK(
      hint(Task::draw_picture, Errc::not_found, "/lib/draw.so") ==
      "mprofpp needs its folders bin, lib and libexec side by side; -o with .svg works without it");
  CHECK(hint(Task::draw_picture, Errc::not_found, "") == "-o with .svg works without it");
  const auto no_font =
      with_hint(Task::draw_picture, {Errc::unsupported, "", "no font is installed", "install one"});
  CHECK(no_font.hint == "install one; -o with .svg works without it");
}

TEST_CASE("a draw module of another build can be replaced, and a failed drawing has no hint") {
  const auto other =
      with_hint(Task::draw_picture, {Errc::unsupported, "/lib/draw.so", "differs", "reinstall"});
  CHECK(other.hint == "reinstall");
  CHECK(hint(Task::draw_picture, Errc::io, "").empty());
}

TEST_CASE("an error that has a hint keeps it") {
  for (const auto task : {Task::find_recording, Task::read_recording, Task::choose_function,
                          Task::create_recording, Task::write_output}) {
    CHECK(with_hint(task, {Errc::not_found, "", "failed", "do this"}).hint == "do this");
  }
}
