/* The stub that becomes the recorded program.
 *
 *   hold GO REPORT NOFILE MASK ignore|default PROGRAM [ARGUMENT …]
 *
 * mprofpp starts the stub in the program's place and prepares the recording while the stub waits for
 * one byte on the descriptor GO. So no sample is missed, and the pid is known before the first
 * instruction of the program runs.
 *
 * The stub writes one or two numbers to the descriptor REPORT, each as a long: at once its ru_maxrss
 * in KiB, which the program inherits and cannot fall below, and errno if exec fails. A successful exec
 * closes REPORT.
 *
 * NOFILE is the soft limit of open files, MASK (hexadecimal) the set of blocked signals, and the next
 * argument the disposition of SIGCHLD. The program gets all three as mprofpp itself found them when it
 * was started; mprofpp has to change them for itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { status_recorder_failed = 125, status_not_executable = 126, status_not_found = 127 };

/* Returns 1 after the byte, 0 if the recorder exited without sending it. */
static int wait_for_go(int go) {
  char byte;
  ssize_t n;
  do {
    n = read(go, &byte, 1);
  } while (n < 0 && errno == EINTR);
  return n == 1;
}

static void send_number(int report, long number) {
  const ssize_t written = write(report, &number, sizeof number);
  (void)written; /* if the recorder has exited, no process reads it */
}

static long largest_so_far(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static void restore_signal_mask(const char* hexadecimal) {
  const unsigned long long wanted = strtoull(hexadecimal, NULL, 16);
  sigset_t mask;
  sigemptyset(&mask);
  for (int signal = 1; signal < 64; ++signal) {
    if (wanted >> (signal - 1) & 1) sigaddset(&mask, signal);
  }
  sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void restore_descriptor_limit(const char* soft) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = (rlim_t)strtoull(soft, NULL, 10);
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char** argv) {
  if (argc < 7) return status_recorder_failed;
  const int go = atoi(argv[1]);
  const int report = atoi(argv[2]);
  fcntl(go, F_SETFD, FD_CLOEXEC);
  fcntl(report, F_SETFD, FD_CLOEXEC);
  send_number(report, largest_so_far());
  if (!wait_for_go(go)) return status_recorder_failed;

  restore_descriptor_limit(argv[3]);
  restore_signal_mask(argv[4]);
  if (strcmp(argv[5], "ignore") == 0) signal(SIGCHLD, SIG_IGN);
  execvp(argv[6], argv + 6);

  const int error = errno;
  send_number(report, error);
  return error == ENOENT ? status_not_found : status_not_executable;
}
