/* bare_rollup INTERVAL_US SECONDS PID …: the least that sampling PSS can cost. Each tick opens, reads and
 * closes every process's smaps_rollup. Prints CPU seconds and readings. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bare.h"

static char** pids;
static int count;

static long long read_all(void) {
  char text[4096];
  long long readings = 0;
  for (int i = 0; i < count; ++i) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/smaps_rollup", pids[i]);
    const int file = open(path, O_RDONLY);
    readings += read(file, text, sizeof text) > 0;
    close(file);
  }
  return readings;
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  pids = argv + 3;
  count = argc - 3;
  tick(atoll(argv[1]) * 1000, atoll(argv[2]), read_all);
  return 0;
}
