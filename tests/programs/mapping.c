/* mapping FILE READY: maps FILE and reads every page of it, writes the file READY, and exits when its
 * standard input ends. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  const int file = open(argv[1], O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) return 97;
  const size_t size = (size_t)status.st_size;
  const char* memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (memory == MAP_FAILED) return 99;
  unsigned char sum = 0;
  for (size_t i = 0; i < size; i += page_size) {
    sum = (unsigned char)(sum + *(const volatile char*)(memory + i));
  }
  (void)sum;
  wait_for_end(argv[2]);
  return 0;
}
