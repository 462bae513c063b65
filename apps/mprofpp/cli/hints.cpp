#include "cli/hints.hpp"

#include <string>

#include "cli/layout.hpp"

namespace mprofpp::app {
namespace {

constexpr const char* other_file = "-o FILE writes elsewhere";

std::string hint_for_output(Errc code) {
  if (code == Errc::exists) return "-f overwrites it, -o FILE chooses another name";
  if (code == Errc::busy) return "-o FILE chooses another name";
  return other_file;
}

/// Returns the hint for an error without one; empty if there is none.
std::string hint_for(Task task, const Error& error) {
  const bool is_missing = error.code == Errc::not_found;
  switch (task) {
    case Task::find_recording:
      return is_missing && error.place.empty() ? "make one with mprofpp run PROGRAM, or give a file"
                                               : "";
    case Task::read_recording:
      return is_missing || error.code == Errc::denied ? "mprofpp run PROGRAM makes a recording"
                                                      : "";
    case Task::choose_function:
      return is_missing ? "mprofpp run --help explains how to mark functions" : "";
    case Task::remove_recording:
      return is_missing ? "mprofpp list shows the recordings" : "";
    case Task::create_recording:
      return hint_for_output(error.code);
    case Task::draw_picture:
      return is_missing && !error.place.empty() ? parts_hint : "";
    case Task::make_page:
      return is_missing
                 ? "this mprofpp was built without npm; install npm and build it again, or use "
                   "-o with .png or .svg"
                 : "";
    case Task::write_output:
      return other_file;
  }
  return {};
}

/// Returns true if the draw module is missing or cannot be used here. SVG needs no module.
bool is_only_svg_possible(const Error& error) {
  return error.code == Errc::not_found || (error.code == Errc::unsupported && error.place.empty());
}

}  // namespace

Error with_hint(Task task, Error error) {
  if (error.hint.empty()) error.hint = hint_for(task, error);
  // the library describes recordings, but the user wants to remove something else
  if (task == Task::remove_recording && error.code != Errc::not_found) {
    error.hint = "use rm for other files";
  }
  if (task == Task::draw_picture && is_only_svg_possible(error)) {
    error.hint += (error.hint.empty() ? "" : "; ");
    error.hint += "-o with .svg works without it";
  }
  return error;
}

}  // namespace mprofpp::app
