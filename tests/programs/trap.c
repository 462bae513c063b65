/* trap SIGNAL MS STATUS READY: writes the file READY and waits for SIGNAL. Then it takes MS milliseconds,
 * prints how many signals have come, and exits with STATUS. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "touch.h"

static volatile sig_atomic_t signals_seen;

static void count_signal(int signal_number) {
  (void)signal_number;
  ++signals_seen;
}

int main(int argc, char** argv) {
  if (argc < 5) return 98;
  sigset_t mask;
  sigset_t before;
  sigemptyset(&mask);
  sigaddset(&mask, atoi(argv[1]));
  sigprocmask(SIG_BLOCK, &mask, &before);
  const struct sigaction action = {.sa_handler = count_signal};
  sigaction(atoi(argv[1]), &action, NULL);
  close(open(argv[4], O_CREAT | O_WRONLY, 0644));
  while (signals_seen == 0) sigsuspend(&before);
  sigprocmask(SIG_SETMASK, &before, NULL);
  sleep_ms(atol(argv[2]));
  printf("signals seen: %d\n", (int)signals_seen);
  return atoi(argv[3]);
}
