/* daemon MIB MS: starts a daemon as daemons do it (fork, setsid, fork). The grandchild, whose parent has
 * exited, holds MIB for MS milliseconds. The root waits for it through a pipe and exits 100 ms later. */
#define _DEFAULT_SOURCE
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void be_a_daemon(const char* mib, const char* milliseconds) {
  if (setsid() < 0) _exit(97);
  const pid_t grandchild = fork();
  if (grandchild != 0) _exit(grandchild < 0 ? 97 : 0);
  map_touched(mebibytes(mib));
  sleep_ms(atol(milliseconds));
  _exit(0);
}

int main(int argc, char** argv) {
  int ends[2];
  if (argc < 3 || pipe(ends) != 0) return 98;
  const pid_t child = fork();
  if (child < 0) return 97;
  if (child == 0) {
    close(ends[0]);
    be_a_daemon(argv[1], argv[2]);
  }
  close(ends[1]);
  waitpid(child, NULL, 0);
  char byte;
  while (read(ends[0], &byte, 1) > 0) {
  }
  sleep_ms(100);
  return 0;
}
