/* rename NAME MS: runs for MS milliseconds under its own name, then for MS milliseconds under NAME. */
#define _DEFAULT_SOURCE
#include <sys/prctl.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  map_touched((size_t)5 << 20);
  sleep_ms(atol(argv[2]));
  prctl(PR_SET_NAME, argv[1]);
  sleep_ms(atol(argv[2]));
  return 0;
}
