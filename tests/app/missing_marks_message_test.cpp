#include "summary/missing_marks_message.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "console/console.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using python::MissingMarksReason;
using python::Obstacle;
using Cause = MissingMarksReason::Cause;
using Request = MissingMarksReason::Request;

namespace {

std::string message(const MissingMarksReason& reason) {
  return message_of(missing_marks_message(reason, "--trace"));
}

MissingMarksReason decorated(Cause cause) {
  MissingMarksReason reason;
  reason.cause = cause;
  reason.place = "app.py:12";
  return reason;
}

}  // namespace

TEST_CASE("a decorator without marks is reported with its place") {
  CHECK(message(decorated(Cause::never_called)) ==
        "app.py:12: no @profile marks: no decorated function was called (call it during the "
        "recording)");
}

TEST_CASE("a pattern without marks is reported with the option") {
  MissingMarksReason reason = decorated(Cause::nothing_matched);
  reason.request = Request::by_pattern;
  reason.place = "app.*";
  reason.interpreter = "/usr/bin/python3";
  CHECK(message(reason) ==
        "--trace app.*: no marks: no function with a matching name was called (names are "
        "module.qualname, e.g. app.Loader.load or, in a script, __main__.load)");
}

TEST_CASE("a pattern in a program that is not Python needs an instrumented build") {
  MissingMarksReason reason = decorated(Cause::nothing_matched);
  reason.request = Request::by_pattern;
  reason.interpreter = "/usr/bin/ls";
  CHECK(missing_marks_message(reason, "--trace").hint ==
        "marks need Python, or a program built with -finstrument-functions and not -static");
}

TEST_CASE("marks that only some processes lack are reported as such") {
  auto reason = decorated(Cause::copied);
  reason.copied = "Loader.load";
  reason.missing = MissingMarksReason::Missing::some;
  CHECK(missing_marks_message(reason, "--trace")
            .what.starts_with("no @profile marks in some programs: "));
  CHECK(missing_marks_message(reason, "--trace").hint == "--trace '*.Loader.load' marks them all");
  reason.request = Request::by_some_processes;
  CHECK(message(reason).starts_with("some marks are missing: "));
  reason.request = Request::none;
  CHECK(message(reason).starts_with("no marks: "));
}

TEST_CASE("an obstacle is described with the program that has it") {
  auto reason = decorated(Cause::obstacle);
  reason.interpreter = "/opt/pypy3";
  reason.obstacle = Obstacle::pypy;
  CHECK(message(reason) ==
        "app.py:12: no @profile marks: /opt/pypy3 is PyPy, which is not supported (use CPython, "
        "e.g. python3)");
}

TEST_CASE("the way around an obstacle depends on whether the program is a Python") {
  auto reason = decorated(Cause::obstacle);
  reason.obstacle = Obstacle::narrow;
  reason.interpreter = "/opt/python3";
  CHECK(missing_marks_message(reason, "--trace").hint == "use a 64-bit Python");
  reason.interpreter = "/opt/server";
  CHECK(missing_marks_message(reason, "--trace").hint == "build it without -m32");
}

TEST_CASE("a ring that cannot be created is described by its errno") {
  auto reason = decorated(Cause::no_ring);
  reason.error = ENOSPC;
  CHECK(missing_marks_message(reason, "--trace").hint == "df -h /dev/shm");
  reason.error = EMFILE;
  CHECK(missing_marks_message(reason, "--trace").hint == "ulimit -n raises the limit");
  reason.error = EACCES;
  CHECK(missing_marks_message(reason, "--trace").what.ends_with(": permission denied"));
}

TEST_CASE("a library that cannot be loaded keeps its own hint") {
  auto reason = decorated(Cause::unavailable);
  reason.unavailable = python::Unavailable{
      python::Unavailable::Part::agent, {Errc::not_found, "agent.so", "is missing", "reinstall"}};
  CHECK(message(reason) ==
        "app.py:12: no @profile marks: agent.so is missing, so the decorator does not exist "
        "(reinstall)");
  reason.request = Request::none;
  CHECK(message(reason) == "no marks: agent.so is missing (reinstall)");
}

TEST_CASE("every cause and every obstacle has a message and a hint") {
  for (int cause = 0; cause <= static_cast<int>(Cause::nothing_matched); ++cause) {
    CAPTURE(cause);
    auto reason = decorated(static_cast<Cause>(cause));
    reason.interpreter = "/usr/bin/python3";
    reason.obstacle = Obstacle::too_old;
    reason.unavailable = python::Unavailable{python::Unavailable::Part::folder,
                                             {Errc::io, "/dev/shm", "cannot make a folder"}};
    CHECK_FALSE(missing_marks_message(reason, "--trace").what.ends_with(": "));
    CHECK_FALSE(missing_marks_message(reason, "--trace").hint.empty());
  }
  for (int obstacle = 1; obstacle <= static_cast<int>(Obstacle::out_of_reach); ++obstacle) {
    CAPTURE(obstacle);
    auto reason = decorated(Cause::obstacle);
    reason.interpreter = "/usr/bin/python3";
    reason.obstacle = static_cast<Obstacle>(obstacle);
    CHECK_FALSE(missing_marks_message(reason, "--trace").what.ends_with(": "));
    CHECK_FALSE(missing_marks_message(reason, "--trace").hint.empty());
  }
}
