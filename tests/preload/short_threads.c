/* In the process that loads this, all threads seem to exit just before their status is read: there is a
 * /proc/TID/stat, but no longer a /proc/TID/status. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_it(const char* path, int flags, mode_t mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static int is_of_a_thread(const char* path) {
  int pid = 0;
  int group = 0;
  int end = 0;
  if (sscanf(path, "/proc/%d/status%n", &pid, &end) != 1 || end == 0) return 0;
  char text[1024] = "";
  const int fd = open_it(path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0 || read(fd, text, sizeof text - 1) < 0) return 0;
  close(fd);
  const char* line = strstr(text, "\nTgid:");
  return line != NULL && sscanf(line, " Tgid: %d", &group) == 1 && group != pid;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (!is_of_a_thread(path)) return open_it(path, flags, mode);
  errno = ENOENT;
  return -1;
}
