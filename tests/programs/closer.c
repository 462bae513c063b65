/* closer MIB MS: closes all descriptors, then holds MIB for MS milliseconds. */
#define _GNU_SOURCE
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  closefrom(0);
  map_touched(mebibytes(argv[1]));
  sleep_ms(atol(argv[2]));
  return 5;
}
