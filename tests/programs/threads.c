/* threads N MS: starts and joins threads for MS milliseconds, N at a time. Then a thread other than the main
 * thread starts a child process, which holds 20 MiB for 300 ms. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void* do_nothing(void* unused) {
  return unused;
}

static void* start_a_child(void* unused) {
  const pid_t pid = fork();
  if (pid == 0) {
    map_touched((size_t)20 << 20);
    sleep_ms(300);
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  return unused;
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char** argv) {
  enum { most = 64 };
  if (argc < 3 || atoi(argv[1]) > most) return 98;
  const int count = atoi(argv[1]);
  pthread_t threads[most];
  for (const long end = now_ms() + atol(argv[2]); now_ms() < end;) {
    for (int i = 0; i < count; ++i) pthread_create(&threads[i], NULL, do_nothing, NULL);
    for (int i = 0; i < count; ++i) pthread_join(threads[i], NULL);
  }
  pthread_create(&threads[0], NULL, start_a_child, NULL);
  pthread_join(threads[0], NULL);
  return 0;
}
