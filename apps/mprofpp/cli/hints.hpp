#pragma once

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The task in which an error occurred. Together with the code and the place of the error it
/// determines what a user can type next. The library does not know the command line, so its hints
/// name no option and no command.
enum class Task {
  find_recording,    ///< by name or index, or the newest one
  read_recording,    ///< the place is the recording
  choose_function,   ///< by its name
  remove_recording,  ///< the place is an operand of the user
  create_recording,  ///< the place is the file
  draw_picture,      ///< with the draw module: the place is its path, or empty if it cannot be used
  make_page,         ///< of HTML: the place is the file of the page without a recording
  write_output       ///< of -o, which is not a recording: the place is the file
};

/// Returns the error with a hint about what to type next, unless it has one already or there is none.
Error with_hint(Task task, Error error);

}  // namespace mprofpp::app
