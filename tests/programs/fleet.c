/* fleet PROCESSES SECONDS: the load for a long recording. A third of the processes takes and frees up to 2
 * MiB again and again, a third starts children that live less than 50 ms, and a third does nothing. All are
 * killed after SECONDS, or when the first process exits. */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void take_and_free(int number) {
  for (size_t round = (size_t)number;; ++round) {
    const size_t size = (round % 8 + 1) << 18;
    char* memory = map_touched(size);
    sleep_ms(50);
    munmap(memory, size);
    sleep_ms(50);
  }
}

static void start_children(int number) {
  for (long round = number;; ++round) {
    const pid_t pid = fork();
    if (pid == 0) {
      sleep_ms(round % 50); /* some are sampled, others start and exit between two ticks */
      _exit(0);
    }
    if (pid > 0) waitpid(pid, NULL, 0);
    sleep_ms(200);
  }
}

static void work(int number) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  switch (number % 3) {
    case 0:
      take_and_free(number);
      break;
    case 1:
      start_children(number);
      break;
    default:
      for (;;) pause();
  }
}

int main(int argc, char** argv) {
  enum { most = 1000 };
  static pid_t pids[most];
  if (argc < 3 || atoi(argv[1]) > most) return 98;
  const int count = atoi(argv[1]);
  for (int number = 0; number < count; ++number) {
    pids[number] = fork();
    if (pids[number] < 0) return 97;
    if (pids[number] == 0) work(number);
  }
  sleep_ms(1000 * atol(argv[2]));
  for (int number = 0; number < count; ++number) kill(pids[number], SIGKILL);
  while (wait(NULL) > 0) {
  }
  return 0;
}
