/* brood CHILDREN LOG: starts children that live from 0 to 60 ms, four at a time. One in three starts a child
 * of its own, which may outlive it, and one in four becomes another program. Each appends its pid and the
 * times of its start and its end to LOG, in nanoseconds of CLOCK_MONOTONIC. Every run is the same except for
 * the pids. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void live(long milliseconds, const char* log) {
  const long long begin = now();
  sleep_ms(milliseconds);
  char line[100];
  const int length = snprintf(line, sizeof line, "%d %lld %lld\n", getpid(), begin, now());
  const int fd = open(log, O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (write(fd, line, (size_t)length) != length) _exit(96);
  _exit(0);
}

static void become_another(long milliseconds, const char* log) {
  char text[20];
  snprintf(text, sizeof text, "%ld", milliseconds);
  execl("/proc/self/exe", "brood", "live", text, log, (char*)NULL);
  _exit(95);
}

static void start(int number, const char* log) {
  if (fork() != 0) return;
  if (number % 3 == 0 && fork() == 0) live(number * 31 % 41, log);
  if (number % 4 == 1) become_another(number * 37 % 61, log);
  live(number * 37 % 61, log);
}

/* Every process has inherited the other end of the pipe, which is closed when the last orphan exits. */
static void wait_for_orphans(const int ends[2]) {
  char byte;
  close(ends[1]);
  while (read(ends[0], &byte, 1) > 0) {
  }
}

int main(int argc, char** argv) {
  enum { together = 4 };
  int ends[2];
  if (argc > 3 && strcmp(argv[1], "live") == 0) live(atol(argv[2]), argv[3]);
  if (argc < 3 || pipe(ends) != 0) return 98;
  const int count = atoi(argv[1]);
  for (int number = 0; number < count; ++number) {
    if (number >= together) wait(NULL);
    start(number, argv[2]);
  }
  while (wait(NULL) > 0) {
  }
  wait_for_orphans(ends);
  return 0;
}
