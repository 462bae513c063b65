/* Functions that the recorded programs share. */
#ifndef TOUCH_H
#define TOUCH_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { page_size = 4096 };

static inline size_t mebibytes(const char* text) {
  return (size_t)strtoul(text, NULL, 10) << 20;
}

/* Maps memory, which munmap gives back at once. Writes to every page through a volatile pointer, because the
 * compiler may remove writes to memory that is never read. */
static inline char* map_touched(size_t size) {
  char* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) exit(99);
  for (size_t i = 0; i < size; i += page_size) *(volatile char*)(memory + i) = 1;
  return memory;
}

/* Writes the file `ready`, and waits until standard input ends. */
static inline void wait_for_end(const char* ready) {
  close(open(ready, O_CREAT | O_WRONLY, 0644));
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
}

static inline void sleep_ms(long milliseconds) {
  struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

#endif
