/* starts COUNT NAME=VALUE … -- PROGRAM [ARGUMENT …]: what variables of the environment cost a program from
 * its start to its end. Runs it COUNT times without and COUNT times with them, in turn; prints both medians
 * and the median of the differences, in milliseconds. */
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

/* Negative when it cannot be started or does not return 0. */
static double milliseconds_of(char** words, char** environment) {
  pid_t pid;
  int status;
  const long long begin = now_ns();
  if (posix_spawnp(&pid, words[0], NULL, NULL, words, environment) != 0) return -1;
  if (waitpid(pid, &status, 0) != pid || status != 0) return -1;
  return (double)(now_ns() - begin) * 1e-6;
}

/* The environment with `count` variables more; it lives as long as the program. */
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
    times[0][i] = milliseconds_of(words, environ);
    times[1][i] = milliseconds_of(words, with);
    times[2][i] = times[1][i] - times[0][i];
    if (times[0][i] < 0 || times[1][i] < 0) return 1;
  }
  for (int i = 0; i < 3; ++i) printf("%.4f ", median(times[i], count));
  putchar('\n');
  return 0;
}
