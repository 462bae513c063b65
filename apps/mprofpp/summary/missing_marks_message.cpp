#include "summary/missing_marks_message.hpp"

#include <cerrno>
#include <string>
#include <utility>

namespace mprofpp::app {
namespace {

using python::MissingMarksReason;
using python::Obstacle;

struct Message {
  std::string why;
  std::string hint;
};

Message message_of_obstacle(const MissingMarksReason& reason) {
  const auto& program = reason.interpreter;
  const bool is_python = python::is_python(program);
  const std::string it = is_python ? "this Python" : program;
  switch (reason.obstacle) {
    case Obstacle::pypy:
      return {program + " is PyPy, which is not supported", "use CPython, e.g. python3"};
    case Obstacle::too_old:
      return {program + " is too old", "use CPython 3.8 or later"};
    case Obstacle::linked_statically:
      return {program + " is statically linked, so no library can be loaded into it",
              is_python ? "use another Python, e.g. /usr/bin/python3" : "link it without -static"};
    case Obstacle::narrow:
      return {program + " is a 32-bit program",
              is_python ? "use a 64-bit Python" : "build it without -m32"};
    case Obstacle::foreign:
      return {program + " is built for another processor",
              "use a program that is built for this machine"};
    case Obstacle::privileged:
      return {program + " has more privileges than you, so the linker loads no library into it",
              "a copy has none: cp " + program + " /tmp"};
    case Obstacle::lost_environment:
      return {"the environment was cleared before " + it + " started, as sudo does",
              "run mprofpp through sudo: sudo mprofpp run ..."};
    case Obstacle::out_of_reach:
      return {it + " is in a container or chroot, but mprofpp is not", "run mprofpp inside it"};
    case Obstacle::none:
      break;
  }
  return {};
}

Message message_of_mismatch(const MissingMarksReason& reason) {
  const std::string why = "no function with a matching name was called";
  if (!python::is_python(reason.interpreter)) {
    return {why,
            "marks need Python, or a program built with -finstrument-functions and not -static"};
  }
  return {why, "names are module.qualname, e.g. app.Loader.load or, in a script, __main__.load"};
}

/// Returns the message for a process that could not create the file for its marks.
Message message_of_no_ring(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
      return {"there is no room for them in memory", "df -h /dev/shm"};
    case EFBIG:
      return {"the file size limit is too small for them", "ulimit -f shows it; they need 512 KiB"};
    case EMFILE:
    case ENFILE:
      return {"the program cannot open any more files", "ulimit -n raises the limit"};
    default:
      return {fail_errno(error, "", "the program could not create a file for them").value().what,
              "if a sandbox or container forbids it, run mprofpp inside"};
  }
}

/// Returns the message for a library that cannot be loaded, or for a folder that cannot be created. It
/// includes what that means for a decorator.
Message message_of_unavailable(const python::Unavailable& unavailable,
                               MissingMarksReason::Request request) {
  const auto& error = unavailable.error;
  const bool is_decorated = request == MissingMarksReason::Request::by_decorator;
  if (unavailable.part == python::Unavailable::Part::agent) {
    return {
        error.place + " " + error.what + (is_decorated ? ", so the decorator does not exist" : ""),
        error.hint};
  }
  return {error.place + ": " + error.what + (is_decorated ? ", so the decorator does nothing" : ""),
          "marks need a folder in /dev/shm or next to the recording; a sandbox may forbid it"};
}

Message message_of_cause(const MissingMarksReason& reason) {
  using Cause = MissingMarksReason::Cause;
  switch (reason.cause) {
    case Cause::left_out:
      return {"they are turned off", "run without --no-marks"};
    case Cause::unavailable:
      return message_of_unavailable(*reason.unavailable, reason.request);
    case Cause::other_build:
      return {"a process used another build of mprofpp",
              "was mprofpp reinstalled meanwhile? record again"};
    case Cause::obstacle:
      return message_of_obstacle(reason);
    case Cause::free_threaded:
      return {"free-threaded Python is not supported",
              "use a build with the GIL: python3.13, not python3.13t"};
    case Cause::no_tool:
      return {"the program uses all tool ids of sys.monitoring", "@profile works without one"};
    case Cause::unfit_interpreter:
      return {"this Python does not report calls as mprofpp expects", "@profile still works"};
    case Cause::unknown_interpreter:
      return {"mprofpp does not know this Python", "use CPython 3.8 or later"};
    case Cause::no_ring:
      return message_of_no_ring(reason.error);
    case Cause::copied:
      return {"a decorated function was copied (e.g. pickled) and shares its code with others",
              "--trace '*." + reason.copied + "' marks them all"};
    case Cause::never_called:
      return {"no decorated function was called", "call it during the recording"};
    case Cause::undecorable:
      return {"the decorated object is not a Python function", "decorate a def"};
    case Cause::never_reached:
      return {"that line was not reached", "does the program import that file?"};
    case Cause::nothing_matched:
      return message_of_mismatch(reason);
  }
  return {};
}

}  // namespace

Error explanation_of(MissingMarksReason::Cause cause) {
  MissingMarksReason reason;
  reason.cause = cause;
  auto message = message_of_cause(reason);
  return {Errc::unsupported, "", std::move(message.why), std::move(message.hint)};
}

Error missing_marks_message(const MissingMarksReason& reason, std::string_view option) {
  using Request = MissingMarksReason::Request;
  const auto message = message_of_cause(reason);
  const bool are_all_missing = reason.missing == MissingMarksReason::Missing::all;
  const std::string where = are_all_missing ? "" : " in some programs";
  const auto error = [&](const std::string& place, const std::string& what) {
    return Error{Errc::unsupported, place, what + ": " + message.why, message.hint};
  };
  switch (reason.request) {
    case Request::by_pattern:
      return error(std::string(option) + " " + reason.place, "no marks" + where);
    case Request::by_decorator:
      return error(reason.place, "no @profile marks" + where);
    case Request::none:
      return error("", "no marks");
    case Request::by_some_processes:
      break;
  }
  return error("", "some marks are missing");
}

}  // namespace mprofpp::app
