/* spike MIB MS [BEFORE_MS [AFTER_MS]]: holds MIB for MS milliseconds. Before and after that it sleeps for
 * BEFORE_MS and AFTER_MS milliseconds, 250 by default. */
#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const size_t size = mebibytes(argv[1]);
  sleep_ms(argc > 3 ? atol(argv[3]) : 250);
  char* memory = map_touched(size);
  sleep_ms(atol(argv[2]));
  munmap(memory, size);
  sleep_ms(argc > 4 ? atol(argv[4]) : 250);
  return 0;
}
