#include "options/unnamed_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>

namespace mprofpp::app {

Result<Fd> open_unnamed_file() {
  const char* folder = std::getenv("TMPDIR");
  for (const char* place : {folder, "/tmp", "/var/tmp"}) {
    if (place == nullptr) continue;
    Fd fd(::open(place, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd) return fd;
  }
  Fd fd(::memfd_create("recording", MFD_CLOEXEC));
  if (!fd) return fail_errno(errno, "", "cannot create a temporary file");
  return fd;
}

std::string path_of_open(const Fd& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

}  // namespace mprofpp::app
