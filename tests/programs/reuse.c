/* reuse MIB MS: a child holds MIB for MS milliseconds and exits. After three other children, one with the
 * same pid holds twice as much for as long. Must run in a PID namespace of its own, as root: it sets the next
 * pid. Exits with 77 if it may not. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static pid_t start_holding(size_t bytes, long milliseconds) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  map_touched(bytes);
  sleep_ms(milliseconds);
  _exit(0);
}

/* Makes the next process get that pid. Returns 0 if that is not allowed. */
static int set_next_pid(pid_t pid) {
  char text[32];
  snprintf(text, sizeof text, "%d", (int)pid - 1);
  const int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
  const int set = fd >= 0 && write(fd, text, strlen(text)) > 0;
  close(fd);
  return set;
}

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const long milliseconds = atol(argv[2]);
  const pid_t first = start_holding(mebibytes(argv[1]), milliseconds);
  waitpid(first, NULL, 0);
  for (int i = 0; i < 3; ++i) waitpid(start_holding(page_size, milliseconds / 10), NULL, 0);

  if (!set_next_pid(first)) return 77;
  const pid_t second = start_holding(2 * mebibytes(argv[1]), milliseconds);
  waitpid(second, NULL, 0);
  return second == first ? 0 : 97;
}
