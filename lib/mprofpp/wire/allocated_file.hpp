#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>

#include "mprofpp/wire/uncancelled.hpp"

/// Files that a process maps, with all their blocks allocated. With ftruncate alone, the first write on
/// a full file system would be a SIGBUS.
namespace mprofpp::wire {

/// Checks the limit on file sizes. A file that grows beyond it would not fail but kill the
/// process with SIGXFSZ. Sets errno if it returns false.
inline bool may_be_that_large(std::size_t size) {
  rlimit limit;
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= size) return true;
  errno = EFBIG;
  return false;
}

/// Allocates the bytes from `begin` on. Returns false, with errno, if there is no room.
inline bool allocate(int fd, std::size_t begin, std::size_t size) {
  if (!may_be_that_large(begin + size)) return false;
  const int error = ::posix_fallocate(fd, static_cast<off_t>(begin), static_cast<off_t>(size));
  if (error != 0) errno = error;
  return error == 0;
}

/// Creates a file of that size. Returns a negative number, with errno, and leaves nothing behind if that
/// is not possible.
inline int make_allocated_file(const char* path, std::size_t size) {
  if (!may_be_that_large(size)) return -1;
  const int fd = uncancelled::open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 || allocate(fd, 0, size)) return fd;
  const int error = errno;
  uncancelled::close(fd);
  ::unlink(path);
  errno = error;
  return -1;
}

}  // namespace mprofpp::wire
