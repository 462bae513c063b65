#include "mprofpp/python/missing_marks_reason.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>

#include "mprofpp/base/file.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using python::Evidence;
using python::Marks;
using python::MissingMarksReason;
using python::Obstacle;
using python::Unavailable;
using python::why_marks_are_missing;
using test::TemporaryFolder;
using Request = MissingMarksReason::Request;
using Cause = MissingMarksReason::Cause;

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

TEST_CASE("there is nothing to explain if no marks were requested") {
  const TemporaryFolder folder;
  folder.write("x.py", "print('@profile')\n");
  CHECK_FALSE(why_marks_are_missing({}));
  CHECK_FALSE(why_marks_are_missing(evidence_of(folder, "x.py")));
  CHECK_FALSE(why_marks_are_missing(evidence_of(folder, "missing.py", Obstacle::pypy)));
  CHECK_FALSE(why_marks_are_missing(evidence_of(folder, ".")));
}

TEST_CASE("the reports of the agents give the cause, and the line is named") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py");
  CHECK(why_marks_are_missing(evidence)->place == "x.py:2");
  CHECK(why_marks_are_missing(evidence)->cause == Cause::never_reached);
  evidence.reports.unknown = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::unknown_interpreter);
  evidence.reports.free_threaded = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::free_threaded);
  evidence.reports.undecorable = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::undecorable);
  evidence.reports.decorated = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::never_called);
  evidence.reports.copied = {"retry.<locals>.wrapper", "wrapper"};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::copied);
  CHECK(why_marks_are_missing(evidence)->copied == "retry.<locals>.wrapper");
  evidence.reports.no_ring = 28;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::no_ring);
  CHECK(why_marks_are_missing(evidence)->error == 28);
}

TEST_CASE("an obstacle is the cause, unless the user does not want marks") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py", Obstacle::linked_statically);
  CHECK(why_marks_are_missing(evidence)->cause == Cause::obstacle);
  CHECK(why_marks_are_missing(evidence)->obstacle == Obstacle::linked_statically);
  evidence.marks = Marks::left_out;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::left_out);
}

TEST_CASE("the explanation is about the program that uses profile") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "other.py", Obstacle::pypy);
  evidence.programs.push_back({"python3", folder.path(), {"python3", folder / "x.py"}, {}});
  CHECK(why_marks_are_missing(evidence)->place == (folder / "x.py") + ":2");
  CHECK(why_marks_are_missing(evidence)->cause == Cause::never_reached);
}

TEST_CASE("a function that was decorated elsewhere and never called is explained without a line") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.reports.decorated = true;
  CHECK(why_marks_are_missing(evidence)->place.empty());
  CHECK(why_marks_are_missing(evidence)->cause == Cause::never_called);
}

TEST_CASE("a function decorated elsewhere in a free-threaded Python is explained without a line") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.reports.free_threaded = true;
  CHECK(why_marks_are_missing(evidence)->place.empty());
  CHECK(why_marks_are_missing(evidence)->cause == Cause::free_threaded);
}

TEST_CASE("an interpreter that does not support patterns is the cause") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.patterns = {"app.*"};
  evidence.reports.unknown = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::unknown_interpreter);
  evidence.reports.no_tool = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::no_tool);
  evidence.reports.unfit = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::unfit_interpreter);
}

TEST_CASE("if marks arrived there is nothing to explain, unless an interpreter made none") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "x.py");
  evidence.has_own_marks = true;
  CHECK_FALSE(why_marks_are_missing(evidence));
  evidence.reports.unfit = true;
  CHECK_FALSE(why_marks_are_missing(evidence));  // it marks decorated functions
  evidence.patterns = {"app.*"};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::unfit_interpreter);
  CHECK(why_marks_are_missing(evidence)->place == "app.*");
  CHECK(why_marks_are_missing(evidence)->missing == MissingMarksReason::Missing::some);
  evidence.patterns.clear();
  evidence.reports.free_threaded = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::free_threaded);
  CHECK(why_marks_are_missing(evidence)->request == MissingMarksReason::Request::by_decorator);
}

TEST_CASE("a pattern requests marks as well") {
  const TemporaryFolder folder;
  auto evidence = evidence_of(folder, "x.py");
  evidence.patterns = {"app.*"};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::nothing_matched);
  CHECK(why_marks_are_missing(evidence)->place == "app.*");
  evidence.programs.front().obstacle = Obstacle::pypy;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::obstacle);
  evidence.programs.clear();
  CHECK(why_marks_are_missing(evidence)->cause == Cause::nothing_matched);
  CHECK(why_marks_are_missing(evidence)->interpreter.empty());
}

TEST_CASE("among programs that are not Python, one without an obstacle is decisive") {
  Evidence evidence;
  evidence.patterns = {"load*"};
  evidence.other_programs = {{"/opt/a", ".", {}, Obstacle::linked_statically}};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::obstacle);
  CHECK(why_marks_are_missing(evidence)->interpreter == "/opt/a");
  evidence.other_programs.push_back({"/opt/b", ".", {}, Obstacle::none});
  CHECK(why_marks_are_missing(evidence)->cause == Cause::nothing_matched);
}

TEST_CASE("if no program could make marks, that is reported whether or not marks were requested") {
  const TemporaryFolder folder;
  folder.write("x.py", source);
  auto evidence = evidence_of(folder, "other.py");
  evidence.unavailable = {Unavailable::Part::agent, {Errc::not_found, "agent.so", "is missing"}};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::unavailable);
  CHECK(why_marks_are_missing(evidence)->request == Request::none);
  evidence.patterns = {"app.*"};
  CHECK(why_marks_are_missing(evidence)->request == Request::by_pattern);
  CHECK(why_marks_are_missing(evidence)->place == "app.*");
  evidence.programs.front().argv = {"python3", "x.py"};
  CHECK(why_marks_are_missing(evidence)->request == Request::by_decorator);
  CHECK(why_marks_are_missing(evidence)->place == "x.py:2");
}

TEST_CASE("a process that could not create a ring has requested marks") {
  Evidence evidence;
  evidence.reports.no_ring = 28;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::no_ring);
  CHECK(why_marks_are_missing(evidence)->request == Request::none);
  evidence.has_own_marks = true;
  CHECK(why_marks_are_missing(evidence)->request == Request::by_some_processes);
}

TEST_CASE("if marks arrived, only marks of another build and marks without a ring are missing") {
  Evidence evidence;
  evidence.has_own_marks = true;
  evidence.patterns = {"app.*"};
  CHECK_FALSE(why_marks_are_missing(evidence));
  evidence.has_foreign_ring = true;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::other_build);
  evidence.has_own_marks = false;
  CHECK(why_marks_are_missing(evidence)->cause == Cause::other_build);
}

TEST_CASE("if marks arrived, copies that are not marked are named") {
  Evidence evidence;
  evidence.has_own_marks = true;
  evidence.reports.copied = {"retry.<locals>.wrapper"};
  CHECK(why_marks_are_missing(evidence)->cause == Cause::copied);
  CHECK(why_marks_are_missing(evidence)->request == Request::by_some_processes);
  CHECK(why_marks_are_missing(evidence)->copied == "retry.<locals>.wrapper");
}

namespace {

/// The start of a file, as much of it as is read.
std::string elf_header(unsigned char size, Elf64_Half machine) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = size;
  header.e_machine = machine;
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

}  // namespace

TEST_CASE("an executable shows why no library can be loaded into it") {
  const TemporaryFolder folder;
  const auto obstacle_of = [&](unsigned char size, Elf64_Half machine) {
    return python::obstacle_of_program(folder.write("program", elf_header(size, machine)));
  };
  CHECK(python::obstacle_of_program("/proc/self/exe") == Obstacle::none);
  CHECK(obstacle_of(ELFCLASS32, EM_386) == Obstacle::narrow);
  CHECK(obstacle_of(ELFCLASS64, EM_S390) == Obstacle::foreign);
  auto own = read_file("/proc/self/exe").value();
  own.resize(sizeof(Elf64_Ehdr));  // removes the headers that would name a linker
  std::memset(own.data() + offsetof(Elf64_Ehdr, e_phnum), 0, sizeof(Elf64_Half));
  CHECK(python::obstacle_of_program(folder.write("program", own)) == Obstacle::linked_statically);
}

TEST_CASE("a dynamic linker that starts a program does not count as linked statically") {
  for (const auto* path :
       {"/lib64/ld-linux-x86-64.so.2", "/opt/ld.so", "/opt/ld-musl-x86_64.so.1"}) {
    CHECK(python::obstacle_of_program(path) == Obstacle::none);
  }
}

TEST_CASE("versions before 3.8 are recognised by their name") {
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
  CHECK_FALSE(python::is_python("python_stats.py"));
}
