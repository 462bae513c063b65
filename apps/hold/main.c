/* The stub that becomes the recorded program.
 *
 *   hold GO REPORT NOFILE MASK PROGRAM [ARGUMENT …]
 *
 * mprofpp starts it in the program's place, prepares the recording while it waits for one byte on the
 * descriptor GO, then lets it go: no sample is missed, and the pid is known before the first
 * instruction of the program runs. REPORT is closed by a successful exec; when exec fails, errno goes
 * through it as an int. NOFILE is the soft limit of descriptors and MASK (hexadecimal) the blocked
 * signals the program is to have, those that mprofpp itself was started with.
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

/* Returns 1 after the byte, 0 when the recorder went away without sending it. */
static int wait_for_go(int go) {
  char byte;
  ssize_t n;
  do {
    n = read(go, &byte, 1);
  } while (n < 0 && errno == EINTR);
  return n == 1;
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
  if (argc < 6) return status_recorder_failed;
  const int go = atoi(argv[1]);
  const int report = atoi(argv[2]);
  fcntl(go, F_SETFD, FD_CLOEXEC);
  fcntl(report, F_SETFD, FD_CLOEXEC);
  if (!wait_for_go(go)) return status_recorder_failed;

  restore_descriptor_limit(argv[3]);
  restore_signal_mask(argv[4]);
  execvp(argv[5], argv + 5);

  const int error = errno;
  const ssize_t written = write(report, &error, sizeof error);
  (void)written; /* the exit status says it too */
  return error == ENOENT ? status_not_found : status_not_executable;
}
