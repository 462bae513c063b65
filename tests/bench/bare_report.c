/* bare_report: does nothing, or, if the environment variable PIPE is set, what a report of an exit takes at
 * least: it reads its own /proc/self/status and writes 64 bytes into that pipe. `starts` measures the
 * difference. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  const char* path = getenv("PIPE");
  if (path == NULL) return 0;
  static char bytes[4096];
  const int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  while (read(status, bytes, sizeof bytes) > 0) {
  }
  close(status);
  const int pipe = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  const ssize_t written = write(pipe, bytes, 64);
  close(pipe);
  return written == 64 ? 0 : 1;
}
