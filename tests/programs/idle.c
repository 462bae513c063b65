/* idle CHILDREN READY [MIB]: takes MIB of memory and starts CHILDREN children that share it and do nothing.
 * Writes the file READY when all have started, and kills them when its standard input ends. They do not
 * outlive it. */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  enum { most = 5000 };
  static pid_t children[most];
  if (argc < 3 || atoi(argv[1]) > most) return 98;
  const int count = atoi(argv[1]);
  if (argc > 3 && atoi(argv[3]) > 0) map_touched(mebibytes(argv[3]));
  for (int child = 0; child < count; ++child) {
    children[child] = fork();
    if (children[child] < 0) return 97;
    if (children[child] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) pause();
    }
  }
  wait_for_end(argv[2]);
  for (int child = 0; child < count; ++child) kill(children[child], SIGKILL);
  while (wait(NULL) > 0) {
  }
  return 0;
}
