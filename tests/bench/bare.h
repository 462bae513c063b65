/* Functions that the bare loops share. */
#ifndef BARE_H
#define BARE_H

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static inline double cpu_seconds(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

static inline long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline void sleep_until(long long t) {
  const struct timespec due = {t / 1000000000, t % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, 0) != 0) {
  }
}

/* Calls `read_all` each tick until `seconds` have passed, and skips ticks that are overdue, as a recorder
 * does. Prints the CPU seconds that this took and the number of readings. */
static inline void tick(long long interval, long long seconds, long long (*read_all)(void)) {
  const double before = cpu_seconds();
  const long long start = now_ns();
  const long long end = start + seconds * 1000000000LL / interval * interval;
  long long readings = 0;
  for (long long due = start; due < end;) {
    readings += read_all();
    due += interval;
    const long long now = now_ns();
    if (now > due) due += (now - due) / interval * interval;
    if (due < end) sleep_until(due);
  }
  printf("%.6f %lld\n", cpu_seconds() - before, readings);
}

#endif
