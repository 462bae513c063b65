/* shell LOG COMMAND ...: runs COMMAND as the foreground job of its terminal, as a shell does. Appends a line
 * to the file LOG when the job has stopped; SIGUSR1 then continues it (fg). Exits with the job's status. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void to_the_foreground(pid_t group) {
  tcsetpgrp(STDIN_FILENO, group);
}

static void tell(const char* log, const char* line) {
  const int fd = open(log, O_CREAT | O_WRONLY | O_APPEND, 0644);
  if (write(fd, line, strlen(line)) < 0) _exit(97);
  close(fd);
}

int main(int argc, char** argv) {
  if (argc < 3) return 98;
  sigset_t fg;
  sigemptyset(&fg);
  sigaddset(&fg, SIGUSR1);
  sigprocmask(SIG_BLOCK, &fg, NULL);
  signal(SIGTTOU, SIG_IGN); /* after tcsetpgrp we are in the background ourselves */
  const pid_t job = fork();
  if (job == 0) {
    setpgid(0, 0);
    to_the_foreground(getpid());
    signal(SIGTTOU, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &fg, NULL);
    execv(argv[2], argv + 2);
    _exit(127);
  }
  setpgid(job, job);
  int status = 0;
  while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
    to_the_foreground(getpgrp());
    tell(argv[1], "stopped\n");
    int number = 0;
    sigwait(&fg, &number);
    to_the_foreground(job);
    kill(-job, SIGCONT);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
