#include "core/high_water.hpp"

#include <fcntl.h>

#include "core/freestanding.hpp"
#include "core/own_files.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
std::uint64_t HighWater::read() {
  const KeepErrno keep_errno;
  return own_status().peak_rss;
}

bool HighWater::open() {
  const int fd = wire::uncancelled::open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  file_.keep(fd);
  return true;
}

bool HighWater::reset() {
  const KeepErrno keep_errno;
  if (file_.get() < 0 && !open()) return false;
  return wire::uncancelled::write(file_.get(), "5", 1) == 1;
}

void HighWater::forget() {
  const KeepErrno keep_errno;
  file_.forget();
}

}  // namespace mprofpp::agent
