/* Moves the clocks of whoever loads it: the file $MOVED_CLOCKS holds two numbers (int64, nanoseconds),
 * what is added to the time since boot, as if the machine had slept, and to the wall clock, as if
 * somebody had set it. Changes take effect at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct moves {
  volatile int64_t since_boot;
  volatile int64_t wall;
};

static const struct moves unmoved;
static const struct moves* moves = &unmoved;

__attribute__((constructor)) static void map_moves(void) {
  const char* path = getenv("MOVED_CLOCKS");
  const int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void* mapped = mmap(NULL, sizeof(struct moves), PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) moves = mapped;
  close(fd);
}

static int64_t move_of(clockid_t clock) {
  if (clock == CLOCK_BOOTTIME) return moves->since_boot;
  return clock == CLOCK_REALTIME ? moves->wall : 0;
}

int clock_gettime(clockid_t clock, struct timespec* t) {
  enum { second = 1000000000 };
  const int status = (int)syscall(SYS_clock_gettime, clock, t);
  const int64_t nanoseconds = t->tv_nsec + move_of(clock) % second;
  t->tv_sec += move_of(clock) / second + (nanoseconds < 0 ? -1 : nanoseconds / second);
  t->tv_nsec = (nanoseconds + second) % second;
  return status;
}
