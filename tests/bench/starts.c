/* starts COUNT NAME=VALUE … -- PROGRAM [ARGUMENT …]: what environment variables cost a program from its start
 * to its exit. Runs the program COUNT times without them and COUNT times with them, in turn. Prints three
 * medians in ms: how long it takes without them, how much longer it takes with them, and how much more CPU
 * time it uses with them, which is the better figure on a busy machine. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare.h"

static int compare(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* numbers, long count) {
  qsort(numbers, (size_t)count, sizeof *numbers, compare);
  return numbers[count / 2];
}

struct cost {
  double wall; /* ms; negative if the program cannot be started or does not exit with 0 */
  double processor;
};

static double milliseconds(struct timeval time) {
  return (double)time.tv_sec * 1e3 + (double)time.tv_usec * 1e-3;
}

static struct cost cost_of(char** words, char** environment) {
  const struct cost none = {-1, 0};
  pid_t pid;
  int status;
  struct rusage use;
  const long long begin = now_ns();
  if (posix_spawnp(&pid, words[0], NULL, NULL, words, environment) != 0) return none;
  if (wait4(pid, &status, 0, &use) != pid || status != 0) return none;
  const double wall = (double)(now_ns() - begin) * 1e-6;
  return (struct cost){wall, milliseconds(use.ru_utime) + milliseconds(use.ru_stime)};
}

/* Returns the environment with `count` more variables. It is never freed. */
static char** environment_with(char** variables, size_t count) {
  size_t before = 0;
  while (environ[before] != NULL) ++before;
  char** all = calloc(before + count + 1, sizeof *all);
  memcpy(all, environ, before * sizeof *all);
  memcpy(all + before, variables, count * sizeof *all);
  return all;
}

int main(int argc, char** argv) {
  int parting = 2;
  while (parting < argc && strcmp(argv[parting], "--") != 0) ++parting;
  if (parting + 1 >= argc) return 2;
  const long count = atol(argv[1]);
  char** words = argv + parting + 1;
  char** with = environment_with(argv + 2, (size_t)parting - 2);
  double* times[3] = {calloc((size_t)count, sizeof(double)), calloc((size_t)count, sizeof(double)),
                      calloc((size_t)count, sizeof(double))};
  for (long i = 0; i < count; ++i) {
    const struct cost bare = cost_of(words, environ);
    const struct cost more = cost_of(words, with);
    if (bare.wall < 0 || more.wall < 0) return 1;
    times[0][i] = bare.wall;
    times[1][i] = more.wall - bare.wall;
    times[2][i] = more.processor - bare.processor;
  }
  for (int i = 0; i < 3; ++i) printf("%.4f ", median(times[i], count));
  putchar('\n');
  return 0;
}
