/* requests WORKERS THREADS FILE: a forking server with threads, which handles requests until it is killed.
 * FILE has room for WORKERS x THREADS counters of 8 bytes. Each contains the number of requests that its
 * thread has handled. The call of a request ends before the request is counted. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <mprofpp.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "touch.h"

static void handle_request(void) {
  MPROFPP_SCOPE("request");
  {
    MPROFPP_SCOPE("read");
    usleep(100);
  }
  MPROFPP_SCOPE("answer");
  usleep(400);
}

static void* serve(void* counter) {
  volatile unsigned long* done = counter;
  while (1) {
    handle_request();
    ++*done;
  }
  return NULL;
}

static void work(unsigned long* counters, int threads) {
  pthread_t thread;
  for (int i = 0; i < threads; ++i) pthread_create(&thread, NULL, serve, counters + i);
  while (1) pause();
}

int main(int argc, char** argv) {
  if (argc < 4) return 98;
  const int workers = atoi(argv[1]);
  const int threads = atoi(argv[2]);
  const size_t size = (size_t)(workers * threads) * sizeof(unsigned long);
  const int fd = open(argv[3], O_RDWR);
  unsigned long* counters = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (counters == MAP_FAILED) return 99;
  MPROFPP_SCOPE("server");
  for (int i = 0; i < workers; ++i) {
    if (fork() == 0) work(counters + i * threads, threads);
  }
  while (1) pause();
}
