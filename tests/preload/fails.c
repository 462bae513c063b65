/* As long as the file $FAILS_WHILE exists, whoever loads this cannot open a smaps_rollup: the machine has no
 * room for one more open file. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int open(const char* path, int flags, ...) {
  const int mode = 0666; /* as everybody here asks for */
  const char* file = getenv("FAILS_WHILE");
  if (file != NULL && strstr(path, "smaps_rollup") != NULL && access(file, F_OK) == 0) {
    errno = ENFILE;
    return -1;
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
