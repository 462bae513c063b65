/* retitle READY SPACE: creates the file READY and reads lines `MIB TITLE`. For each line it writes TITLE
 * over its own command line, as setproctitle does, holds MIB until the next line, and adds TITLE to READY as
 * soon as it has that much. SPACE is an argument that is long enough for every title. */
#include <stdio.h>
#include <string.h>

#include "touch.h"

static void set_title(char* begin, size_t size, const char* title) {
  memset(begin, 0, size);
  strncpy(begin, title, size - 1);
}

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const size_t space = (size_t)(argv[2] + strlen(argv[2]) - argv[0]);
  const int ready = open(argv[1], O_CREAT | O_WRONLY | O_APPEND, 0644);
  char line[512], title[512];
  int mib = 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (sscanf(line, "%d %511[^\n]", &mib, title) != 2) return 97;
    set_title(argv[0], space, title);
    const size_t size = ((size_t)mib << 20) + 1;
    char* memory = map_touched(size);
    if (write(ready, title, strlen(title)) < 0 || write(ready, "\n", 1) < 0) return 96;
    const int next = getc(stdin);
    munmap(memory, size);
    if (next == EOF) break;
    ungetc(next, stdin);
  }
  return 0;
}
