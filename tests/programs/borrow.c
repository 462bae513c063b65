/* borrow MIB MS: takes MIB of memory, then starts a child by vfork, which runs in that memory for MS
 * milliseconds and then becomes `sleep`. Exits with 77 if the kernel has no kcmp. */
#define _DEFAULT_SOURCE
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  if (syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0UL, 0UL) != 0) return 77;
  map_touched(mebibytes(argv[1]));
  const pid_t pid = vfork();
  if (pid < 0) return 97;
  if (pid == 0) {
    sleep_ms(atol(argv[2]));
    execlp("sleep", "sleep", "0.2", (char*)NULL);
    _exit(96);
  }
  wait(NULL);
  return 0;
}
