#include "mprofpp/base/result.hpp"

#include <cerrno>
#include <system_error>

namespace mprofpp {
namespace {

Errc errc_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Errc::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Errc::denied;
    case EEXIST:
      return Errc::exists;
    case ESRCH:
      return Errc::vanished;
    default:
      return Errc::io;
  }
}

/// Returns a hint if the cause is a limit that a shell can show and set.
std::string_view hint_for(int error_number) {
  if (error_number == EMFILE) return "ulimit -n sets the limit on open files";
  if (error_number == EFBIG) return "ulimit -f sets the limit on file sizes";
  return {};
}

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

}  // namespace

Failure fail(Errc code, std::string_view place, std::string_view what, std::string_view hint) {
  return Failure(Error{code, std::string(place), std::string(what), std::string(hint)});
}

Failure fail_errno(int error_number, std::string_view place, std::string_view what) {
  std::string message(what);
  if (!message.empty()) message += ": ";
  message += lower_first(std::generic_category().message(error_number));
  return fail(errc_of(error_number), place, message, hint_for(error_number));
}

}  // namespace mprofpp
