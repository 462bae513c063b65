/* bare_timer INTERVAL_US SECONDS: wakes up every interval and does nothing. Prints how many ticks it missed:
 * no recorder could have kept those on this machine. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "bare.h"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const long long interval = atoll(argv[1]) * 1000;
  const long long end = now_ns() + atoll(argv[2]) * 1000000000LL;
  long long missed = 0;
  for (long long due = now_ns(); due < end;) {
    due += interval;
    sleep_until(due);
    const long long late = (now_ns() - due) / interval;
    missed += late;
    due += late * interval;
  }
  printf("%lld\n", missed);
  return 0;
}
