#include "mprofpp/python/unmarked.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>

#include "mprofpp/base/file.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using python::Evidence;
using python::Marks;
using python::Obstacle;
using python::Unavailable;
using python::Unmarked;
using python::why_unmarked;
using test::TemporaryFolder;
using Asked = Unmarked::Asked;
using Cause = Unmarked::Cause;

namespace {

constexpr auto source = "\n@profile\ndef f(): pass\n";

Evidence evidence_of(const TemporaryFolder& folder, std::string script,
                     Obstacle obstacle = Obstacle::none) {
  Evidence evidence;
  evidence.programs = {
      {"/usr/bin/python3.11", folder.path(), {"python3", std::move(script)}, obstacle}};
  return evidence;
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
  evidence.told.no_ring = 28;
  CHECK(why_unmarked(evidence)->cause == Cause::no_ring);
  CHECK(why_unmarked(evidence)->error == 28);
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

TEST_CASE("what was decorated elsewhere in an interpreter without a lock is told without a line") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.told.free_threaded = true;
  CHECK(why_unmarked(evidence)->place.empty());
  CHECK(why_unmarked(evidence)->cause == Cause::free_threaded);
}

TEST_CASE("an interpreter that is not fit for patterns is the cause") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.patterns = {"app.*"};
  evidence.told.unknown = true;
  CHECK(why_unmarked(evidence)->cause == Cause::unknown_interpreter);
  evidence.told.no_tool = true;
  CHECK(why_unmarked(evidence)->cause == Cause::no_tool);
  evidence.told.unfit = true;
  CHECK(why_unmarked(evidence)->cause == Cause::unfit_interpreter);
}

TEST_CASE("where marks came there is nothing to explain, unless an interpreter made none") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py");
  evidence.any_came = true;
  CHECK_FALSE(why_unmarked(evidence));
  evidence.told.unfit = true;
  CHECK_FALSE(why_unmarked(evidence));  // it marks what is decorated
  evidence.patterns = {"app.*"};
  CHECK(why_unmarked(evidence)->cause == Cause::unfit_interpreter);
  CHECK(why_unmarked(evidence)->place == "app.*");
  CHECK(why_unmarked(evidence)->missing == Unmarked::Missing::some);
  evidence.patterns.clear();
  evidence.told.free_threaded = true;
  CHECK(why_unmarked(evidence)->cause == Cause::free_threaded);
  CHECK(why_unmarked(evidence)->asked == Unmarked::Asked::by_decorator);
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

TEST_CASE("of programs that are not Python one without an obstacle decides") {
  Evidence evidence;
  evidence.patterns = {"load*"};
  evidence.others = {{"/opt/a", ".", {}, Obstacle::linked_statically}};
  CHECK(why_unmarked(evidence)->cause == Cause::obstacle);
  CHECK(why_unmarked(evidence)->interpreter == "/opt/a");
  evidence.others.push_back({"/opt/b", ".", {}, Obstacle::none});
  CHECK(why_unmarked(evidence)->cause == Cause::nothing_matched);
}

TEST_CASE("that no program could make marks is reported whether anybody asked or not") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "other.py");
  evidence.unavailable = {Unavailable::Part::agent, {Errc::not_found, "agent.so", "is missing"}};
  CHECK(why_unmarked(evidence)->cause == Cause::unavailable);
  CHECK(why_unmarked(evidence)->asked == Asked::by_nobody);
  evidence.patterns = {"app.*"};
  CHECK(why_unmarked(evidence)->asked == Asked::by_pattern);
  CHECK(why_unmarked(evidence)->place == "app.*");
  evidence.programs.front().words = {"python3", "x.py"};
  CHECK(why_unmarked(evidence)->asked == Asked::by_decorator);
  CHECK(why_unmarked(evidence)->place == "x.py:2");
}

TEST_CASE("a process that could not make a ring has asked for marks") {
  Evidence evidence;
  evidence.told.no_ring = 28;
  CHECK(why_unmarked(evidence)->cause == Cause::no_ring);
  CHECK(why_unmarked(evidence)->asked == Asked::by_nobody);
  evidence.any_came = true;
  CHECK(why_unmarked(evidence)->asked == Asked::in_vain);
}

TEST_CASE("where marks came, only those that another build makes or that had no room are missing") {
  Evidence evidence;
  evidence.any_came = true;
  evidence.patterns = {"app.*"};
  CHECK_FALSE(why_unmarked(evidence));
  evidence.any_was_foreign = true;
  CHECK(why_unmarked(evidence)->cause == Cause::other_build);
  evidence.any_came = false;
  CHECK(why_unmarked(evidence)->cause == Cause::other_build);
}

namespace {

/// Beginning of a file, as much of it as is looked at.
std::string elf_header(unsigned char size, Elf64_Half machine) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = size;
  header.e_machine = machine;
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

}  // namespace

TEST_CASE("an executable tells what keeps a library out of it") {
  const TemporaryFolder folder;
  const auto obstacle_of = [&](unsigned char size, Elf64_Half machine) {
    return python::obstacle_of_program(folder.write("program", elf_header(size, machine)));
  };
  CHECK(python::obstacle_of_program("/proc/self/exe") == Obstacle::none);
  CHECK(obstacle_of(ELFCLASS32, EM_386) == Obstacle::narrow);
  CHECK(obstacle_of(ELFCLASS64, EM_S390) == Obstacle::foreign);
  auto own = read_file("/proc/self/exe").value();
  own.resize(sizeof(Elf64_Ehdr));  // the headers that would name a linker are gone
  std::memset(own.data() + offsetof(Elf64_Ehdr, e_phnum), 0, sizeof(Elf64_Half));
  CHECK(python::obstacle_of_program(folder.write("program", own)) == Obstacle::linked_statically);
}

TEST_CASE(
    "a dynamic linker that was asked to start a program is not taken for one that is linked statically") {
  for (const auto* path :
       {"/lib64/ld-linux-x86-64.so.2", "/opt/ld.so", "/opt/ld-musl-x86_64.so.1"}) {
    CHECK(python::obstacle_of_program(path) == Obstacle::none);
  }
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
