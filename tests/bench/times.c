/* times FILE: a program to record, which writes the times of its first and its last instruction into FILE, in
 * nanoseconds since boot. */
#define _GNU_SOURCE
#include <stdio.h>

#include "bare.h"

int main(int argc, char** argv) {
  const long long begin = now_ns();
  FILE* file = argc > 1 ? fopen(argv[1], "w") : NULL;
  if (file == NULL) return 2;
  sleep_until(begin + 50000000);
  fprintf(file, "%lld %lld\n", begin, now_ns());
  return fclose(file);
}
