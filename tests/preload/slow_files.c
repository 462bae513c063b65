/* The process that loads this gets disk space for a file half a second late, as on a very busy machine. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <time.h>

int posix_fallocate(int fd, off_t offset, off_t length) {
  int (*next)(int, off_t, off_t);
  *(void**)&next = dlsym(RTLD_NEXT, "posix_fallocate");
  nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
  return next(fd, offset, length);
}
