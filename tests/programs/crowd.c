/* crowd THREADS CALLS ROUNDS FILE [ENDING]: in each round THREADS threads start at once, make CALLS calls of
 * "busy" each, and end. Every seventh of these calls contains four nested calls of "within". FILE gets two
 * counters of 8 bytes for each thread: its calls of "busy" and of "within", each counted before it ends.
 * ENDING: `exit` or `kill`, in the middle of the last round. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mprofpp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "touch.h"

struct counts {
  volatile unsigned long busy, within;
};
static struct counts* counts;
static long calls;
static _Atomic long threads_begun;

static void within(struct counts* mine, int more) {
  MPROFPP_SCOPE("within");
  ++mine->within;
  if (more > 0) within(mine, more - 1);
}

static void* be_busy(void* unused) {
  (void)unused;
  struct counts* mine = counts + atomic_fetch_add(&threads_begun, 1);
  for (long i = 0; i < calls; ++i) {
    MPROFPP_SCOPE("busy");
    ++mine->busy;
    if (i % 7 == 0) within(mine, 3);
  }
  return NULL;
}

static void end(const char* how) {
  if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
  if (strcmp(how, "exit") == 0) exit(0);
}

int main(int argc, char** argv) {
  if (argc < 5) return 98;
  const long threads = atol(argv[1]), rounds = atol(argv[3]);
  const char* ending = argc > 5 ? argv[5] : "";
  calls = atol(argv[2]);
  const int fd = open(argv[4], O_RDWR | O_CREAT | O_TRUNC, 0600);
  const size_t size = (size_t)((threads + 1) * rounds) * sizeof *counts;
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) return 99;
  counts = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  pthread_t* ids = calloc((size_t)threads, sizeof *ids);
  for (long round = 0; round < rounds; ++round) {
    for (long i = 0; i < threads; ++i) pthread_create(ids + i, NULL, be_busy, NULL);
    if (round + 1 == rounds && *ending != '\0') {
      while (threads_begun < threads * rounds) sched_yield();
      while (counts[threads_begun - 1].busy < (unsigned long)calls / 2) sched_yield();
      end(ending);
    }
    for (long i = 0; i < threads; ++i) pthread_join(ids[i], NULL);
  }
  return 0;
}
