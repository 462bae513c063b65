/* swarm COUNT: starts COUNT children, one after another, each of which exits at once. */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) return 98;
  for (long i = atol(argv[1]); i > 0; --i) {
    const pid_t pid = fork();
    if (pid < 0) return 97;
    if (pid == 0) _exit(0);
    waitpid(pid, NULL, 0);
  }
  return 0;
}
