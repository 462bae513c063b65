/* bare_pread INTERVAL_US SECONDS PID …: the least that sampling can cost. Each tick makes one pread of
 * every process's statm through a descriptor that stays open. Prints CPU seconds and readings. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bare.h"

static int* files;
static int count;

static long long read_all(void) {
  char text[128];
  long long readings = 0;
  for (int i = 0; i < count; ++i) readings += pread(files[i], text, sizeof text, 0) > 0;
  return readings;
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const struct rlimit limit = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &limit);
  count = argc - 3;
  files = calloc((size_t)count, sizeof *files);
  for (int i = 0; i < count; ++i) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/statm", argv[3 + i]);
    files[i] = open(path, O_RDONLY);
    if (files[i] < 0) return 1;
  }
  tick(atoll(argv[1]) * 1000, atoll(argv[2]), read_all);
  return 0;
}
