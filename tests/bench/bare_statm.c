/* bare_statm READINGS: reads /proc/self/statm through an open descriptor, which is the least that a reading
 * of a process's own memory takes. Prints nanoseconds for each reading, the best of several rounds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
  const long readings = argc > 1 ? atol(argv[1]) : 0;
  const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (readings <= 0 || statm < 0) return 2;
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    char text[160];
    const double begin = seconds();
    for (long i = 0; i < readings; ++i) {
      if (pread(statm, text, sizeof text, 0) <= 0) return 1;
    }
    const double taken = seconds() - begin;
    if (taken < best) best = taken;
  }
  printf("%.1f\n", best / (double)readings * 1e9);
  return 0;
}
