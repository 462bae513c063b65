/* bare_pread INTERVAL_US SECONDS PID …: the least that sampling can cost. Each tick, one pread of
 * every process's statm on a kept descriptor; prints CPU seconds and readings. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bare.h"

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const struct rlimit limit = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &limit);
  const long long interval = atoll(argv[1]) * 1000;
  const long long ticks = atoll(argv[2]) * 1000000000LL / interval;
  const int count = argc - 3;
  int* files = calloc((size_t)count, sizeof *files);
  for (int i = 0; i < count; ++i) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/statm", argv[3 + i]);
    files[i] = open(path, O_RDONLY);
    if (files[i] < 0) return 1;
  }

  long long readings = 0;
  const double before = cpu_seconds();
  const long long start = now_ns();
  long long due = start;
  for (long long tick = 0; tick < ticks; ++tick) {
    char text[128];
    for (int i = 0; i < count; ++i) readings += pread(files[i], text, sizeof text, 0) > 0;
    due += interval;
    const long long now = now_ns();
    if (now > due)
      due += (now - due) / interval * interval; /* skip what is missed, as a recorder does */
    if (due > start + ticks * interval) break;
    sleep_until(due);
  }
  printf("%.6f %lld\n", cpu_seconds() - before, readings);
  return 0;
}
