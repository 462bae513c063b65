#include "unmarked_words.hpp"

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
  switch (unmarked.obstacle) {
    case Obstacle::pypy:
      return {program + " is PyPy", "CPython gets them: python3 in its place"};
    case Obstacle::too_old:
      return {program + " is too old", "CPython 3.8 or later gets them"};
    case Obstacle::linked_statically:
      return {program + " is linked statically, and nothing can be loaded into it",
              "/usr/bin/python3 or another that is not gets them"};
    case Obstacle::narrow:
      return {program + " is a 32-bit program", "a 64-bit Python gets them"};
    case Obstacle::privileged:
      return {program + " has more rights than you, and the linker loads nothing into such",
              "a copy of it has not: cp " + program + " /tmp"};
    case Obstacle::lost_environment:
      return {"what started this Python took its environment away, as sudo does",
              "begin there: sudo mprofpp run ..."};
    case Obstacle::out_of_reach:
      return {"this Python is in a container or chroot, and mprofpp is not",
              "run mprofpp in there"};
    case Obstacle::none:
      break;
  }
  return {};
}

Words words_of_mismatch(const Unmarked& unmarked) {
  const std::string why = "no function of such a name was called";
  if (unmarked.interpreter.empty()) {
    return {
        why,
        "Python tells of its functions, and what is built with -finstrument-functions, not -static"};
  }
  return {why, "a name is module.qualname: app.Loader.load, in a script __main__.load"};
}

Words words_of_cause(const Unmarked& unmarked) {
  using Cause = Unmarked::Cause;
  switch (unmarked.cause) {
    case Cause::left_out:
      return {"they are left out", "run without --no-marks"};
    case Cause::obstacle:
      return words_of_obstacle(unmarked);
    case Cause::free_threaded:
      return {"free-threaded Pythons get none",
              "the build with the lock does: python3.13, not 3.13t"};
    case Cause::unknown_interpreter:
      return {"this Python is none that mprofpp knows", "CPython 3.8 or later gets them"};
    case Cause::no_room:
      return {"there is no room for them in memory", "df -h /dev/shm"};
    case Cause::file_limit:
      return {"the limit on the size of files is too small for them",
              "ulimit -f shows it; they need 512 KiB"};
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
  auto [why, what_to_do] = words_of_cause(unmarked);
  auto line = "made no marks: " + why;
  if (unmarked.asked == Unmarked::Asked::by_pattern) {
    return {Errc::unsupported, "--trace " + unmarked.place, line, what_to_do};
  }
  return {Errc::unsupported, unmarked.place, "@profile " + line, what_to_do};
}

}  // namespace mprofpp::app
