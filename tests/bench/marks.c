/* marks BURSTS PAIRS: what a pair of marks costs. Makes BURSTS bursts of PAIRS pairs, with a pause between
 * them in which the recorder catches up. Prints the median burst in nanoseconds per pair, the same for two
 * bare preads of statm in place of a pair, and the number of pairs made. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bare.h"
#include "mprofpp.h"

enum { pause_ns = 30000000 };

static int compare(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double burst_of_marks(long pairs) {
  const long long begin = now_ns();
  for (long i = 0; i < pairs; ++i) {
    MPROFPP_SCOPE("burst");
  }
  return (double)(now_ns() - begin) / (double)pairs;
}

static double burst_of_preads(int fd, long pairs) {
  char text[128];
  long long read = 0;
  const long long begin = now_ns();
  for (long i = 0; i < 2 * pairs; ++i) read += pread(fd, text, sizeof text, 0);
  return read > 0 ? (double)(now_ns() - begin) / (double)pairs : 0;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const long bursts = atol(argv[1]);
  const long pairs = atol(argv[2]);
  double* marks = calloc((size_t)bursts, sizeof *marks);
  double* preads = calloc((size_t)bursts, sizeof *preads);
  const int fd = open("/proc/self/statm", O_RDONLY);
  burst_of_marks(100);
  for (long i = 0; i < bursts; ++i) {
    sleep_until(now_ns() + pause_ns);
    marks[i] = burst_of_marks(pairs);
    preads[i] = burst_of_preads(fd, pairs);
  }
  qsort(marks, (size_t)bursts, sizeof *marks, compare);
  qsort(preads, (size_t)bursts, sizeof *preads, compare);
  printf("%.2f %.2f %ld\n", marks[bursts / 2], preads[bursts / 2], bursts * pairs + 100);
  return 0;
}
