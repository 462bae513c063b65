/* bare_fork PER_SECOND: starts that many children a second, each of which exits at once, until it is killed.
 * It stands for other work on the machine. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const long long interval = 1000000000LL / atoll(argv[1]);
  for (long long due = now_ns();; due += interval) {
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    waitpid(pid, NULL, 0);
    sleep_until(due + interval);
  }
}
