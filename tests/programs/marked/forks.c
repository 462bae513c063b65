/* forks HOW: forks within a span, in the way that HOW says (fork, raw, _Fork). The child makes a span of its
 * own and ends the span in which it was started, then the parent makes a span of its own. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mprofpp.h"

static pid_t begin(const char* how) {
  if (strcmp(how, "raw") == 0) return (pid_t)syscall(SYS_fork);
  if (strcmp(how, "_Fork") == 0) return _Fork();
  return fork();
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  MPROFPP_BEGIN("serve");
  const pid_t child = begin(argv[1]);
  if (child == 0) {
    MPROFPP_BEGIN("child's own");
    MPROFPP_END("child's own");
    MPROFPP_END("serve");
    _exit(0);
  }
  waitpid(child, NULL, 0);
  MPROFPP_BEGIN("parent's own");
  MPROFPP_END("parent's own");
  MPROFPP_END("serve");
  return 0;
}
