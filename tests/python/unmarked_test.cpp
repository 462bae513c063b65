#include "mprofpp/python/unmarked.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using python::Evidence;
using python::Marks;
using python::Obstacle;
using python::Unmarked;
using python::why_unmarked;
using test::TemporaryFolder;
using Cause = Unmarked::Cause;

namespace {

constexpr auto source = "\n@profile\ndef f(): pass\n";

Evidence evidence_of(const TemporaryFolder& folder, std::string script,
                     Obstacle obstacle = Obstacle::none) {
  return {{{"/usr/bin/python3.11", folder.path(), {"python3", std::move(script)}, obstacle}},
          {},
          Marks::wanted,
          {}};
}

}  // namespace

TEST_CASE("nobody asked for marks: there is nothing to explain") {
  const TemporaryFolder folder;
  folder.write("x.py", "print('@profile')\n");
  CHECK_FALSE(why_unmarked({}));
  CHECK_FALSE(why_unmarked(evidence_of(folder, "x.py")));
  CHECK_FALSE(why_unmarked(evidence_of(folder, "missing.py", Obstacle::pypy)));
  CHECK_FALSE(why_unmarked(evidence_of(folder, ".")));
}

TEST_CASE("what the agents have told is the cause, and the line is named") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py");
  CHECK(why_unmarked(evidence)->place == "x.py:2");
  CHECK(why_unmarked(evidence)->cause == Cause::never_reached);
  evidence.told.unknown = true;
  CHECK(why_unmarked(evidence)->cause == Cause::unknown_interpreter);
  evidence.told.free_threaded = true;
  CHECK(why_unmarked(evidence)->cause == Cause::free_threaded);
  evidence.told.undecorable = true;
  CHECK(why_unmarked(evidence)->cause == Cause::undecorable);
  evidence.told.decorated = true;
  CHECK(why_unmarked(evidence)->cause == Cause::never_called);
  evidence.told.no_room = true;
  CHECK(why_unmarked(evidence)->cause == Cause::no_room);
}

TEST_CASE("an obstacle is the cause, but for marks that are not wanted") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py", Obstacle::linked_statically);
  CHECK(why_unmarked(evidence)->cause == Cause::obstacle);
  CHECK(why_unmarked(evidence)->obstacle == Obstacle::linked_statically);
  evidence.marks = Marks::left_out;
  CHECK(why_unmarked(evidence)->cause == Cause::left_out);
}

TEST_CASE("of several programs the one that asks is explained") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "other.py", Obstacle::pypy);
  evidence.programs.push_back({"python3", folder.path(), {"python3", folder / "x.py"}, {}});
  CHECK(why_unmarked(evidence)->place == (folder / "x.py") + ":2");
  CHECK(why_unmarked(evidence)->cause == Cause::never_reached);
}

TEST_CASE("what was decorated elsewhere and never called is told without a line") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.told.decorated = true;
  CHECK(why_unmarked(evidence)->place.empty());
  CHECK(why_unmarked(evidence)->cause == Cause::never_called);
}

TEST_CASE("a pattern asks as well") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.patterns = {"app.*"};
  CHECK(why_unmarked(evidence)->cause == Cause::nothing_matched);
  CHECK(why_unmarked(evidence)->place == "app.*");
  evidence.programs.front().obstacle = Obstacle::pypy;
  CHECK(why_unmarked(evidence)->cause == Cause::obstacle);
  evidence.programs.clear();
  CHECK(why_unmarked(evidence)->cause == Cause::nothing_matched);
  CHECK(why_unmarked(evidence)->interpreter.empty());
}

TEST_CASE("versions before 3.8 are known by their name") {
  for (const auto* old : {"/opt/python2.7", "/opt/python2", "/opt/python3.7", "/opt/python3.7m"}) {
    CAPTURE(old);
    CHECK(python::obstacle_of(old) == Obstacle::too_old);
  }
  for (const auto* good :
       {"/opt/python", "/opt/python3", "/opt/python3.8", "/opt/python3.13-dbg"}) {
    CAPTURE(good);
    CHECK(python::obstacle_of(good) == Obstacle::none);
  }
  CHECK(python::obstacle_of("/opt/pypy3.9") == Obstacle::pypy);
  CHECK(python::is_python("/opt/pypy3.9"));
  CHECK_FALSE(python::is_python("/opt/python3/bin/sh"));
}
