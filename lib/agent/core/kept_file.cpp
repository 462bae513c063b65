#include "core/kept_file.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/resident.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
namespace {

/// Asks the kernel, because glibc has had this function only since 2.33.
bool get_status(int fd, struct stat& status) {
  return ::syscall(SYS_fstat, fd, &status) == 0;
}

}  // namespace

void KeptFile::keep(int fd) {
  fd_ = keep_high(fd);
  struct stat status;
  const bool is_known = get_status(fd_, status);
  device_ = is_known ? status.st_dev : 0;
  inode_ = is_known ? status.st_ino : 0;
}

int KeptFile::get() const {
  struct stat status;
  const bool is_ours =
      fd_ >= 0 && get_status(fd_, status) && status.st_ino == inode_ && status.st_dev == device_;
  return is_ours ? fd_ : -1;
}

void KeptFile::forget() {
  if (const int fd = get(); fd >= 0) wire::uncancelled::close(fd);
  fd_ = -1;
}

}  // namespace mprofpp::agent
