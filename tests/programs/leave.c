/* leave HOW MIB [anything]: a child takes MIB of memory and exits in the way that HOW says. The program,
 * which uses little memory itself, waits for it and prints its pid. With a third argument it does itself what
 * the child would do. HOW: return, exit, _exit, _Exit, quick_exit, signal (_exit in a signal handler), abort,
 * kill, exec (becomes `true`), vfork (the child was started by vfork, in the memory of its parent). */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void leave_at_once(int signal_number) {
  (void)signal_number;
  _exit(0);
}

static int leave(const char* how) {
  if (strcmp(how, "exit") == 0) exit(0);
  if (strcmp(how, "_exit") == 0) _exit(0);
  if (strcmp(how, "_Exit") == 0) _Exit(0);
  if (strcmp(how, "quick_exit") == 0) quick_exit(0);
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  if (strcmp(how, "exec") == 0) execlp("true", "true", (char*)NULL);
  if (strcmp(how, "signal") == 0) {
    signal(SIGUSR1, leave_at_once);
    raise(SIGUSR1);
  }
  return 0;
}

static pid_t start(const char* how, size_t size) {
  if (strcmp(how, "vfork") == 0) {
    map_touched(size);
    const pid_t pid = vfork();
    if (pid == 0) _exit(0);
    return pid;
  }
  const pid_t pid = fork();
  if (pid != 0) return pid;
  map_touched(size);
  exit(leave(how));
}

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  if (argc > 3) {
    map_touched(mebibytes(argv[2]));
    return leave(argv[1]);
  }
  const pid_t pid = start(argv[1], mebibytes(argv[2]));
  if (pid < 0) return 97;
  waitpid(pid, NULL, 0);
  printf("%d\n", (int)pid);
  return 0;
}
