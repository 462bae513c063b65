#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace mprofpp {

/// What kind of failure it is; apps/ maps it to an exit status, tests compare it.
enum class Errc {
  invalid_argument,  ///< the caller asked for something that makes no sense
  malformed,         ///< the text or file is not what it should be
  not_found,
  denied,       ///< permission
  exists,       ///< would overwrite
  io,           ///< the system call failed for another reason (full disk, EIO, ...)
  unsupported,  ///< understood, but this program or this system cannot do it
  vanished,     ///< the process ended while we were looking
};

/// A failure somebody will read: where it happened, what it is, what to type next.
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

/// A failed system call: the code and the words follow from `error_number` (an errno), and a hint if a limit
/// of this process is the reason.
Failure fail_errno(int error_number, std::string_view place, std::string_view what);

}  // namespace mprofpp
