/* churn MIB MS: one child holds MIB for MS milliseconds. Meanwhile the program keeps starting children that
 * exit at once, three at a time. */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void start_three_and_wait(void) {
  pid_t pids[3];
  for (int i = 0; i < 3; ++i) {
    pids[i] = fork();
    if (pids[i] == 0) _exit(0);
  }
  for (int i = 0; i < 3; ++i) waitpid(pids[i], NULL, 0);
}

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const pid_t holder = fork();
  if (holder < 0) return 97;
  if (holder == 0) {
    map_touched(mebibytes(argv[1]));
    sleep_ms(atol(argv[2]));
    _exit(0);
  }
  while (waitpid(holder, NULL, WNOHANG) == 0) start_three_and_wait();
  return 0;
}
