/* As long as the file $FAILS_WHILE exists, the process that loads this cannot open a smaps_rollup, as if
 * the machine had reached its limit of open files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int open(const char* path, int flags, ...) {
  const int mode = 0666; /* as all callers pass */
  const char* file = getenv("FAILS_WHILE");
  if (file != NULL && strstr(path, "smaps_rollup") != NULL && access(file, F_OK) == 0) {
    errno = ENFILE;
    return -1;
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
