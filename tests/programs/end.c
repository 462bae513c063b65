/* end status N | end signal N: exits with that status, or is killed by that signal. */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const int number = atoi(argv[2]);
  if (strcmp(argv[1], "status") == 0) return number;
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(number, SIG_DFL);
  kill(getpid(), number);
  pause();
  return 97;
}
