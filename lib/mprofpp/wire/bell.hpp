#pragma once

#include <cstddef>

#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::wire {

/// Writes into the bell of the run in `folder` without waiting; anything that does not fit is lost.
/// The bell is opened for reading too, because otherwise the program would get a SIGPIPE once the
/// recorder is gone. Changes errno.
inline void ring_bell(const char* folder, const void* bytes, std::size_t size) {
  Path bell(folder);
  bell.add('/').add(bell_name);
  const int fd = uncancelled::open(bell.text(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return;
  const auto written = uncancelled::write(fd, bytes, size);
  (void)written;  // a full pipe wakes the recorder as well
  uncancelled::close(fd);
}

}  // namespace mprofpp::wire
