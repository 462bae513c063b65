/* idle CHILDREN READY: starts CHILDREN children that do nothing, writes the file READY when all are
 * there, and ends them when its standard input ends or a SIGTERM comes. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  for (int child = 0; child < atoi(argv[1]); ++child) {
    const pid_t pid = fork();
    if (pid < 0) return 97;
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) pause();
    }
  }
  close(open(argv[2], O_CREAT | O_WRONLY, 0644));
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  while (wait(NULL) > 0) {
  }
  return 0;
}
