/* Unusual things that programs do and that a library inside them must survive. The first argument says which:
 *
 *   closes      closes all descriptors and opens a file of its own under each number, then makes marks
 *   longjmp     leaves two spans by longjmp, then ends the outer one
 *   recursion   makes 70,000 nested spans
 *   signals     makes marks in a signal handler while the program makes marks
 *   threads     starts 1000 threads, eight at a time, with 100 recursions of 40 spans each
 *   strict      forbids itself all system calls except read, write and exit, then makes marks
 *   filtered    forbids itself all system calls except exit by a filter, then makes marks
 *   patient     the same, but makes marks for two seconds
 *   starved     makes marks when it may not open files any more
 *   errno       checks that marks do not change errno
 *   stray       ends a span that it never began
 *   killed      kills itself within a span
 *   names       makes spans with 1000 names and with a name of 5000 bytes
 *   leaves      becomes true(1) within a span
 *   cancelled   makes marks in a thread with a pending cancellation, which marks must not act on
 *   jumps       jumps out of the interrupted code in a signal handler, 200 times, then makes marks
 *   pthreads    ends a thread within two spans
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "mprofpp.h"

static int closes(void) {
  MPROFPP_BEGIN("before");
  MPROFPP_END("before");
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  int fd;
  do {
    fd = open("/proc/self/exe", O_RDONLY);
  } while (fd >= 0 && fd < 1000);
  usleep(1000);  // so that the next span reads the memory again
  MPROFPP_BEGIN("after");
  MPROFPP_END("after");
  for (int i = 3; i <= fd; ++i) {
    if (lseek(i, 0, SEEK_CUR) != 0) return 1;  // one of our files has been read
  }
  return 0;
}

static jmp_buf back;
static void deeper(void) {
  MPROFPP_BEGIN("left 1");
  MPROFPP_BEGIN("left 2");
  longjmp(back, 1);
}
static int jumps(void) {
  MPROFPP_BEGIN("outer");
  if (setjmp(back) == 0) deeper();
  MPROFPP_END("outer");
  MPROFPP_BEGIN("after");
  MPROFPP_END("after");
  return 0;
}

static void recur(int depth) {
  MPROFPP_SCOPE("recur");
  if (depth > 1) recur(depth - 1);
  __asm__ volatile("");
}

static volatile sig_atomic_t handled;
static void on_alarm(int number) {
  (void)number;
  MPROFPP_SCOPE("handler");
  ++handled;
}
static int takes_signals(void) {
  signal(SIGALRM, on_alarm);
  const struct itimerval often = {{0, 100}, {0, 100}};
  setitimer(ITIMER_REAL, &often, NULL);
  while (handled < 500) {
    MPROFPP_SCOPE("main");
  }
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  return 0;
}

static void* spans_of_a_thread(void* unused) {
  (void)unused;
  for (int i = 0; i < 100; ++i) recur(40);
  return NULL;
}
static int threads(void) {
  for (int round = 0; round < 125; ++round) {
    pthread_t ids[8];
    for (int i = 0; i < 8; ++i) pthread_create(&ids[i], NULL, spans_of_a_thread, NULL);
    for (int i = 0; i < 8; ++i) pthread_join(ids[i], NULL);
  }
  return 0;
}

static int marks_and_exits(void) {
  for (int i = 0; i < 100; ++i) {
    MPROFPP_SCOPE("in the sandbox");
  }
  syscall(SYS_exit, 0);
  return 1;
}

static int strict(void) {
  MPROFPP_BEGIN("before");
  MPROFPP_END("before");
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
  return marks_and_exits();
}

static int marks_for_long_and_exits(void) {
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do {
    MPROFPP_SCOPE("in the sandbox");
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec - begin.tv_sec < 2);
  syscall(SYS_exit, 0);
  return 1;
}

static int filtered(int (*mark)(void)) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // as libseccomp does, so that a wrapper of prctl does not notice
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) return 1;
  return mark();
}

static int keeps_errno(void) {
  errno = 1234;
  for (int i = 0; i < 20000; ++i) {
    MPROFPP_SCOPE("errno");
  }
  MPROFPP_MARK("errno");
  return errno == 1234 ? 0 : 1;
}

static int starved(void) {
  const struct rlimit nothing = {0, 0};
  setrlimit(RLIMIT_NOFILE, &nothing);
  return keeps_errno();
}

static int names(void) {
  char name[5001];
  for (int i = 0; i < 1000; ++i) {
    snprintf(name, sizeof name, "name %d", i);
    mprofpp_begin(name);
    mprofpp_end(name);
  }
  memset(name, 'x', 5000);
  name[5000] = '\0';
  mprofpp_begin(name);
  mprofpp_end(name);
  return 0;
}

static volatile int may_mark, has_marked;
static void* marks_to_the_end(void* unused) {
  (void)unused;
  while (!may_mark) {
  }
  for (int i = 0; i < 20000; ++i) {
    MPROFPP_SCOPE("uncancelled");
  }
  has_marked = 1;
  pthread_testcancel();
  return NULL;
}
static int cancelled(void) {
  pthread_t id;
  void* end;
  pthread_create(&id, NULL, marks_to_the_end, NULL);
  pthread_cancel(id);
  may_mark = 1;
  pthread_join(id, &end);
  return has_marked && end == PTHREAD_CANCELED ? 0 : 1;
}

static sigjmp_buf out;
static volatile sig_atomic_t jumped;
static void jump_out(int number) {
  (void)number;
  if (++jumped <= 200) siglongjmp(out, 1);
}
static int jumps_out(void) {
  signal(SIGALRM, jump_out);
  const struct itimerval often = {{0, 100}, {0, 100}};
  setitimer(ITIMER_REAL, &often, NULL);
  sigsetjmp(out, 1);
  while (jumped < 200) {
    MPROFPP_SCOPE("left");
  }
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  for (int i = 0; i < 10; ++i) {
    MPROFPP_SCOPE("after");
  }
  return 0;
}

static void* ends_within_spans(void* unused) {
  (void)unused;
  MPROFPP_BEGIN("left 1");
  MPROFPP_BEGIN("left 2");
  pthread_exit(NULL);
}
static int pthreads(void) {
  pthread_t id;
  pthread_create(&id, NULL, ends_within_spans, NULL);
  pthread_join(id, NULL);
  return 0;
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "closes") == 0) return closes();
  if (strcmp(what, "longjmp") == 0) return jumps();
  if (strcmp(what, "recursion") == 0) return recur(70000), 0;
  if (strcmp(what, "signals") == 0) return takes_signals();
  if (strcmp(what, "threads") == 0) return threads();
  if (strcmp(what, "strict") == 0) return strict();
  if (strcmp(what, "filtered") == 0) return filtered(marks_and_exits);
  if (strcmp(what, "patient") == 0) return filtered(marks_for_long_and_exits);
  if (strcmp(what, "errno") == 0) return keeps_errno();
  if (strcmp(what, "starved") == 0) return starved();
  if (strcmp(what, "names") == 0) return names();
  if (strcmp(what, "stray") == 0) return MPROFPP_END("never begun"), 0;
  if (strcmp(what, "killed") == 0) return MPROFPP_BEGIN("serve"), kill(getpid(), SIGKILL);
  if (strcmp(what, "cancelled") == 0) return cancelled();
  if (strcmp(what, "jumps") == 0) return jumps_out();
  if (strcmp(what, "pthreads") == 0) return pthreads();
  if (strcmp(what, "leaves") == 0)
    return MPROFPP_BEGIN("serve"), execlp("true", "true", (char*)NULL);
  return 2;
}
