#include "unmarked_words.hpp"

#include <cerrno>
#include <utility>

namespace mprofpp::app {
namespace {

using python::Obstacle;
using python::Unmarked;

struct Words {
  std::string why;
  std::string what_to_do;
};

Words words_of_obstacle(const Unmarked& unmarked) {
  const auto& program = unmarked.interpreter;
  const bool is_python = python::is_python(program);
  const std::string it = is_python ? "this Python" : program;
  switch (unmarked.obstacle) {
    case Obstacle::pypy:
      return {program + " is PyPy", "CPython gets them: python3 in its place"};
    case Obstacle::too_old:
      return {program + " is too old", "CPython 3.8 or later gets them"};
    case Obstacle::linked_statically:
      return {program + " is linked statically, and nothing can be loaded into it",
              is_python ? "/usr/bin/python3 or another that is not gets them"
                        : "link it without -static"};
    case Obstacle::narrow:
      return {program + " is a 32-bit program",
              is_python ? "a 64-bit Python gets them" : "build it without -m32"};
    case Obstacle::foreign:
      return {program + " is built for another processor",
              "a program of this machine's processor gets them"};
    case Obstacle::privileged:
      return {program + " has more rights than you, and the linker loads nothing into such",
              "a copy of it has not: cp " + program + " /tmp"};
    case Obstacle::lost_environment:
      return {"what started " + it + " took its environment away, as sudo does",
              "begin there: sudo mprofpp run ..."};
    case Obstacle::out_of_reach:
      return {it + " is in a container or chroot, and mprofpp is not", "run mprofpp in there"};
    case Obstacle::none:
      break;
  }
  return {};
}

Words words_of_mismatch(const Unmarked& unmarked) {
  const std::string why = "no function of such a name was called";
  if (!python::is_python(unmarked.interpreter)) {
    return {
        why,
        "Python tells of its functions, and what is built with -finstrument-functions, not -static"};
  }
  return {why, "a name is module.qualname: app.Loader.load, in a script __main__.load"};
}

/// A process could not make the file through which it hands over its marks.
Words words_of_no_ring(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
      return {"there is no room for them in memory", "df -h /dev/shm"};
    case EFBIG:
      return {"the limit on the size of files is too small for them",
              "ulimit -f shows it; they need 512 KiB"};
    case EMFILE:
    case ENFILE:
      return {"the program may open no more files", "ulimit -n raises the limit"};
    default:
      return {fail_errno(error, "", "the program was refused a file for them").value().what,
              "if a sandbox or container does that, run mprofpp inside it"};
  }
}

/// The library could not be loaded, or there is no folder. What that means for a decorator is said too.
Words words_of_unavailable(const python::Unavailable& unavailable, Unmarked::Asked asked) {
  const auto& error = unavailable.error;
  const bool is_decorated = asked == Unmarked::Asked::by_decorator;
  if (unavailable.part == python::Unavailable::Part::agent) {
    return {
        error.place + " " + error.what + (is_decorated ? ", so there is no such decorator" : ""),
        error.hint};
  }
  return {error.place + ": " + error.what + (is_decorated ? ", so it does nothing" : ""),
          "they need a folder in /dev/shm or beside the recording; a sandbox may refuse it"};
}

Words words_of_cause(const Unmarked& unmarked) {
  using Cause = Unmarked::Cause;
  switch (unmarked.cause) {
    case Cause::left_out:
      return {"they are left out", "run without --no-marks"};
    case Cause::unavailable:
      return words_of_unavailable(*unmarked.unavailable, unmarked.asked);
    case Cause::other_build:
      return {"a process used another build of mprofpp",
              "was it installed meanwhile? record again"};
    case Cause::obstacle:
      return words_of_obstacle(unmarked);
    case Cause::free_threaded:
      return {"free-threaded Pythons get none",
              "the build with the lock gets them: python3.13, not python3.13t"};
    case Cause::no_tool:
      return {"the program uses all tools of sys.monitoring", "@profile works without one"};
    case Cause::unfit_interpreter:
      return {"this Python does not report calls as mprofpp expects",
              "@profile works all the same"};
    case Cause::unknown_interpreter:
      return {"this Python is none that mprofpp knows", "CPython 3.8 or later gets them"};
    case Cause::no_ring:
      return words_of_no_ring(unmarked.error);
    case Cause::never_called:
      return {"nothing that is decorated was called", "call it while it is recorded"};
    case Cause::undecorable:
      return {"what is decorated is no function of Python's", "decorate a def"};
    case Cause::never_reached:
      return {"that line was not reached", "does the program import that file?"};
    case Cause::nothing_matched:
      return words_of_mismatch(unmarked);
  }
  return {};
}

}  // namespace

Error words_of(const Unmarked& unmarked) {
  using Asked = Unmarked::Asked;
  const auto words = words_of_cause(unmarked);
  const auto& what_to_do = words.what_to_do;
  const auto line = [&](const std::string& beginning) { return beginning + ": " + words.why; };
  const bool are_all_missing = unmarked.missing == Unmarked::Missing::all;
  const auto none = line(are_all_missing ? "made no marks" : "made no marks in some programs");
  switch (unmarked.asked) {
    case Asked::by_pattern:
      return {Errc::unsupported, "--trace " + unmarked.place, none, what_to_do};
    case Asked::by_decorator:
      return {Errc::unsupported, unmarked.place, "@profile " + none, what_to_do};
    case Asked::by_nobody:
      return {Errc::unsupported, "", line("no marks"), what_to_do};
    case Asked::in_vain:
      break;
  }
  return {Errc::unsupported, "", line("some marks are missing"), what_to_do};
}

}  // namespace mprofpp::app
