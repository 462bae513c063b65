/* inherited: prints what a program inherits and a launcher could change by mistake: blocked and ignored
 * signals, the soft limit of descriptors, the open descriptors, process group and session. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void) {
  sigset_t mask;
  sigprocmask(SIG_SETMASK, NULL, &mask);
  for (int number = 1; number < 65; ++number) {
    struct sigaction action;
    if (sigismember(&mask, number) == 1) printf("blocked %d\n", number);
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
      printf("ignored %d\n", number);
  }
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  printf("descriptors %lu\n", (unsigned long)limit.rlim_cur);
  for (int fd = 0; fd < 256; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) printf("open %d\n", fd);
  }
  printf("group %d\nsession %d\n", (int)getpgrp(), (int)getsid(0));
  return 0;
}
