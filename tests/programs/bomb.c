/* bomb READY MS: a fork bomb, to be run under a limit of processes. Every process forks until the limit is
 * reached, and then writes the file READY. Each exits MS milliseconds later. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  signal(SIGCHLD, SIG_IGN); /* no process waits for its children */
  pid_t child;
  while ((child = fork()) >= 0) {
    if (child > 0) sleep_ms(1);
  }
  close(open(argv[1], O_CREAT | O_WRONLY, 0644));
  sleep_ms(atol(argv[2]));
  return 0;
}
