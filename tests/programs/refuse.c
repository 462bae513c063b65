/* refuse CALLS ENOSYS|EPERM PROGRAM [ARGUMENT …]: becomes PROGRAM, to which, and to all that it starts, the
 * kernel refuses these system calls, names with commas between: ENOSYS as an older kernel does, EPERM as
 * a sandbox does. Ends with 77 where no filter may be set. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_calls = 32, cannot_refuse = 77, wrong_usage = 98 };

/* What is younger than Linux 4.18, and what sandboxes are known to refuse. */
static const struct {
  const char* name;
  unsigned int number;
} known[] = {
    {"clone3", SYS_clone3},
    {"close_range", SYS_close_range},
    {"eventfd2", SYS_eventfd2},
    {"faccessat2", SYS_faccessat2},
    {"fallocate", SYS_fallocate},
    {"flock", SYS_flock},
    {"kcmp", SYS_kcmp},
    {"memfd_create", SYS_memfd_create},
    {"openat2", SYS_openat2},
    {"pidfd_open", SYS_pidfd_open},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
    {"prctl", SYS_prctl},
    {"renameat2", SYS_renameat2},
    {"rseq", SYS_rseq},
    {"signalfd4", SYS_signalfd4},
    {"statx", SYS_statx},
    {"timerfd_create", SYS_timerfd_create},
};

static const unsigned int* number_of(const char* name) {
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    if (strcmp(known[i].name, name) == 0) return &known[i].number;
  }
  return NULL;
}

/* Two rules a call; answers how many rules there are, 0 when a name is not known. */
static unsigned short rules_for(char* names, unsigned int error, struct sock_filter* rules) {
  unsigned short count = 0;
  rules[count++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (char* name = strtok(names, ","); name != NULL; name = strtok(NULL, ",")) {
    const unsigned int* number = number_of(name);
    if (number == NULL || count + 3 > 2 * most_calls + 2) return 0;
    rules[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, *number, 0, 1);
    rules[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
  }
  rules[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  return count;
}

int main(int argc, char** argv) {
  if (argc < 4) return wrong_usage;
  struct sock_filter rules[2 * most_calls + 2];
  const unsigned int error = strcmp(argv[2], "EPERM") == 0 ? EPERM : ENOSYS;
  const struct sock_fprog filter = {rules_for(argv[1], error, rules), rules};
  if (filter.len == 0) return wrong_usage;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot_refuse;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return cannot_refuse;
  execvp(argv[3], argv + 3);
  return wrong_usage;
}
