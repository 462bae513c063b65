#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {

/// Reads as much of a file of /proc as fits, and ends it with a zero. False when it cannot be read.
template <std::size_t room>
bool read_proc_file(const char* path, char (&text)[room]) {
  const int fd = wire::uncancelled::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto got = wire::uncancelled::read(fd, text, room - 1);
  wire::uncancelled::close(fd);
  text[got > 0 ? got : 0] = '\0';
  return got > 0;
}

/// A number and where it ends.
struct Number {
  std::uint64_t value = 0;
  const char* end;
};
inline Number number_at(const char* text) {
  Number number{0, text};
  for (; *number.end >= '0' && *number.end <= '9'; ++number.end) {
    number.value = number.value * 10 + static_cast<std::uint64_t>(*number.end - '0');
  }
  return number;
}

}  // namespace mprofpp::agent
