/* tree MIB MS CHILDREN [DEPTH]: a tree of processes, DEPTH levels deep, in which each process has CHILDREN
 * children. Each process holds MIB for MS milliseconds, then waits for its children. */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 4) return 98;
  const int children = atoi(argv[3]);
  int depth = argc > 4 ? atoi(argv[4]) : 1;
  for (int child = 0; depth > 0 && child < children; ++child) {
    const pid_t pid = fork();
    if (pid < 0) return 97;
    if (pid == 0) {
      --depth;
      child = -1; /* it starts children of its own from the first */
    }
  }
  map_touched(mebibytes(argv[1]));
  sleep_ms(atol(argv[2]));
  while (wait(NULL) > 0) {
  }
  return 0;
}
