#pragma once

#include <cstddef>

#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::wire {

/// Writes into the bell of the run in `folder`, without waiting: what finds no room is lost. Opened
/// for reading too, or a recorder that is gone would mean SIGPIPE for the program. Changes errno.
inline void ring_bell(const char* folder, const void* bytes, std::size_t size) {
  Path bell(folder);
  bell.add('/').add(bell_name);
  const int fd = uncancelled::open(bell.text(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return;
  const auto written = uncancelled::write(fd, bytes, size);
  (void)written;  // a full pipe rings as well
  uncancelled::close(fd);
}

}  // namespace mprofpp::wire
