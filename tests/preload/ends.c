/* Kills a process at a defined moment of the recorder that loads this. The file $ENDS_WHEN holds two
 * pids. When the recorder is about to open smaps_rollup of the first process, the second is killed and
 * waited for until it is a zombie. Then the file is removed. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_really(const char* path, int flags, int mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static int read_text(const char* path, char* text, size_t size) {
  const int fd = open_really(path, O_RDONLY | O_CLOEXEC, 0);
  const ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
  if (fd >= 0) close(fd);
  text[n > 0 ? n : 0] = '\0';
  return n > 0;
}

static int is_zombie(int pid) {
  char path[64];
  char text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (!read_text(path, text, sizeof text)) return 1;
  const char* close_of_name = strrchr(text, ')');
  return close_of_name == NULL || close_of_name[2] == 'Z';
}

static void end_if_it_is_time(const char* opened) {
  char text[64];
  char awaited[64];
  int first = 0;
  int second = 0;
  const char* when = getenv("ENDS_WHEN");
  if (when == NULL || !read_text(when, text, sizeof text)) return;
  if (sscanf(text, "%d %d", &first, &second) != 2) return;
  snprintf(awaited, sizeof awaited, "/proc/%d/smaps_rollup", first);
  if (strcmp(opened, awaited) != 0) return;
  kill(second, SIGKILL);
  while (!is_zombie(second)) usleep(100);
  unlink(when);
}

int open(const char* path, int flags, ...) {
  const int mode = 0666; /* as all callers pass */
  if (strstr(path, "smaps_rollup") != NULL) end_if_it_is_time(path);
  return open_really(path, flags, mode);
}
