#pragma once

#include <errno.h>

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/clock.hpp"
#include "mprofpp/wire/uncancelled.hpp"

/// Declares a function that programs find by its name. All other symbols are hidden.
#define MPROFPP_EXPORT extern "C" __attribute__((visibility("default")))

/// Small tools that need nothing but libc. All are safe in a signal handler.
namespace mprofpp::agent {

using wire::monotonic_now;

/// Restores errno at the end of its scope: the program must not see an error of the agent's.
class KeepErrno {
 public:
  KeepErrno() : error_(errno) {}
  ~KeepErrno() { errno = error_; }
  KeepErrno(const KeepErrno&) = delete;
  KeepErrno& operator=(const KeepErrno&) = delete;

 private:
  int error_;
};

/// A number that was read from a text, and the position after its last digit.
struct Number {
  std::uint64_t value = 0;
  const char* end;
};

/// Reads the decimal number at the start of a text. Its `end` is `text` if there is no digit.
inline Number number_at(const char* text) {
  Number number{0, text};
  for (; *number.end >= '0' && *number.end <= '9'; ++number.end) {
    number.value = number.value * 10 + static_cast<std::uint64_t>(*number.end - '0');
  }
  return number;
}

/// Reads as much of a file of /proc as fits and terminates it with a zero byte. Returns false if the
/// file cannot be read or is empty. Changes errno.
template <std::size_t room>
bool read_proc_file(const char* path, char (&text)[room]) {
  const int fd = wire::uncancelled::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto got = wire::uncancelled::read(fd, text, room - 1);
  wire::uncancelled::close(fd);
  text[got > 0 ? got : 0] = '\0';
  return got > 0;
}

}  // namespace mprofpp::agent
