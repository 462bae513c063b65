#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>

/// System calls in which no thread is cancelled. In the functions of libc, a pending pthread_cancel
/// would take effect, in the middle of a mark and of whatever the program does there. Results and
/// errno are the same as in libc.
namespace mprofpp::wire::uncancelled {

inline int open(const char* path, int flags, mode_t mode = 0) {
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

inline void close(int fd) {
  ::syscall(SYS_close, fd);
}

inline ssize_t read(int fd, void* bytes, std::size_t size) {
  return ::syscall(SYS_read, fd, bytes, size);
}

inline ssize_t pread(int fd, void* bytes, std::size_t size, off_t offset) {
  return ::syscall(SYS_pread64, fd, bytes, size, offset);
}

inline ssize_t write(int fd, const void* bytes, std::size_t size) {
  return ::syscall(SYS_write, fd, bytes, size);
}

inline void sleep(const timespec& time) {
  ::syscall(SYS_nanosleep, &time, nullptr);
}

}  // namespace mprofpp::wire::uncancelled
