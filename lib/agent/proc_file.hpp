#pragma once

#include <cstddef>

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

}  // namespace mprofpp::agent
