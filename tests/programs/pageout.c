/* pageout MIB READY: takes MIB of memory, asks the kernel to swap it out, writes the file READY, and exits
 * when its standard input ends. */
#define _GNU_SOURCE
#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const size_t size = mebibytes(argv[1]);
  char* memory = map_touched(size);
  if (madvise(memory, size, MADV_PAGEOUT) != 0) return 97;
  wait_for_end(argv[2]);
  return 0;
}
