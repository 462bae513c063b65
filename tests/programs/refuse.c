/* refuse CALLS ERRNO PROGRAM [ARGUMENT …]: becomes PROGRAM. In it and in all its descendants the system calls
 * CALLS, which are separated by commas, fail with ERRNO: ENOSYS (38) as on an older kernel, or EPERM (1) as
 * in a sandbox. `mknod` and `rename` stand for all variants of the call. Exits with 77 if no filter may be
 * set. */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_rules = 100, cannot_refuse = 77, wrong_usage = 98 };

/* Calls that are newer than Linux 4.18, and calls that sandboxes are known to refuse. */
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
    {"ftruncate", SYS_ftruncate},
    {"kcmp", SYS_kcmp},
    {"madvise", SYS_madvise},
    {"memfd_create", SYS_memfd_create},
    {"mknod", SYS_mknodat},
    {"rename", SYS_renameat},
    {"rename", SYS_renameat2},
#ifdef SYS_mknod /* not on arm64 */
    {"mknod", SYS_mknod},
    {"rename", SYS_rename},
#endif
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

static struct sock_filter rules[most_rules];
static unsigned short rule_count = 0;

static void add(struct sock_filter rule) {
  if (rule_count == most_rules) exit(wrong_usage);
  rules[rule_count++] = rule;
}

/* Adds a rule for each call of that name. */
static void refuse(const char* name, unsigned int error) {
  const unsigned short before = rule_count;
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    if (strcmp(known[i].name, name) != 0) continue;
    add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, known[i].number, 0, 1));
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
  }
  if (rule_count == before) exit(wrong_usage);
}

int main(int argc, char** argv) {
  if (argc < 4) return wrong_usage;
  const unsigned int error = (unsigned int)strtoul(argv[2], NULL, 10);
  add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
  for (char* name = strtok(argv[1], ","); name != NULL; name = strtok(NULL, ",")) {
    refuse(name, error);
  }
  add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const struct sock_fprog filter = {rule_count, rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot_refuse;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return cannot_refuse;
  execvp(argv[3], argv + 3);
  return wrong_usage;
}
