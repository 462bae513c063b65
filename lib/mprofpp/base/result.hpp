#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace mprofpp {

/// The kind of a failure. apps/ maps it to an exit status, and tests compare it.
enum class Errc {
  invalid_argument,  ///< the caller asked for something that makes no sense
  malformed,         ///< the text or file does not have the expected format
  not_found,
  denied,       ///< permission
  exists,       ///< something would be overwritten
  busy,         ///< another process is using it
  io,           ///< the system call failed for another reason (full disk, EIO, ...)
  unsupported,  ///< valid, but this program or this system cannot do it
  vanished,     ///< the process ended while it was examined
};

/// A failure that is shown to a user: where it happened, what it is, and what to do next.
struct Error {
  Errc code;
  std::string place;      ///< a file, an option, a process; may be empty
  std::string what;       ///< one sentence, lower case, no full stop
  std::string hint = {};  ///< what to do about it; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

/// `return fail(Errc::not_found, path, "no such recording");`
Failure fail(Errc code, std::string_view place, std::string_view what, std::string_view hint = {});

/// Makes an error from a failed system call. `error_number` (an errno) determines the code and the
/// end of the message, and a hint if the cause is a limit of this process.
Failure fail_errno(int error_number, std::string_view place, std::string_view what);

}  // namespace mprofpp
