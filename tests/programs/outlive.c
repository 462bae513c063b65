/* outlive READY: a child writes its pid into the file READY and lives until it is killed. The root exits as
 * soon as the file is complete. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  int ends[2];
  if (argc < 2 || pipe(ends) != 0) return 98;
  const pid_t pid = fork();
  if (pid < 0) return 97;
  if (pid == 0) {
    for (int fd = 0; fd < 3; ++fd)
      close(fd); /* so that no reader waits for the end of its output */
    FILE* ready = fopen(argv[1], "w");
    fprintf(ready, "%d\n", (int)getpid());
    fclose(ready);
    close(ends[0]);
    close(ends[1]);
    for (;;) pause();
  }
  close(ends[1]);
  char byte;
  while (read(ends[0], &byte, 1) > 0) {
  }
  return 0;
}
