/* tracer COMMAND ...: runs COMMAND under ptrace, which stops it at each system call, as strace does. Exits
 * with its status, or with 77 if ptrace is forbidden. */
#define _GNU_SOURCE
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) return 98;
  const pid_t child = fork();
  if (child < 0) return 97;
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(77);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    const int signal = WSTOPSIG(status);
    const int passed_on = signal == SIGTRAP ? 0 : signal;
    ptrace(PTRACE_SYSCALL, child, NULL, (void*)(long)passed_on);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
