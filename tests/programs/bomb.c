/* bomb READY MS: a fork bomb that somebody has put a limit to: every process forks until it cannot any
 * more. Who meets the limit writes READY. All of them end MS milliseconds after they were born. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  signal(SIGCHLD, SIG_IGN); /* nobody waits for anybody */
  pid_t child;
  while ((child = fork()) >= 0) {
    if (child > 0) sleep_ms(1);
  }
  close(open(argv[1], O_CREAT | O_WRONLY, 0644));
  sleep_ms(atol(argv[2]));
  return 0;
}
