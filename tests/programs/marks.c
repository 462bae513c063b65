/* marks ACTION …: does the actions, one after the other.
 *
 *   begin NAME, end NAME   a call of that name
 *   mark TEXT              a point in time
 *   calls NAME N           N calls of that name, as fast as possible
 *   take MIB               takes memory and never frees it
 *   sleep MS
 *   wait FILE              waits until FILE exists
 *   fork ( ACTION … )      a child does these actions and exits; the parent goes on at once
 *   join                   waits for all children
 *   exec                   executes this program again, which does the rest
 *   die                    kills itself by SIGKILL
 */
#define _DEFAULT_SOURCE
#include <mprofpp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"

static void call_often(const char* name, long times) {
  for (long i = 0; i < times; ++i) {
    mprofpp_begin(name);
    mprofpp_end(name);
  }
}

static void wait_for(const char* path) {
  while (access(path, F_OK) != 0) sleep_ms(1);
}

static char** behind_closing(char** at) {
  int depth = 1;
  while (*at != NULL && depth > 0) {
    if (strcmp(*at, "(") == 0) ++depth;
    if (strcmp(*at, ")") == 0) --depth;
    ++at;
  }
  return at;
}

static int is(const char* word, const char* action) {
  return strcmp(word, action) == 0;
}

/* Does one action. Returns the next one, or NULL at the end. */
static char** act(char* self, char** at) {
  const char* word = *at++;
  if (is(word, ")")) return NULL;
  if (is(word, "begin"))
    mprofpp_begin(*at++);
  else if (is(word, "end"))
    mprofpp_end(*at++);
  else if (is(word, "mark"))
    mprofpp_mark(*at++);
  else if (is(word, "take"))
    map_touched(mebibytes(*at++));
  else if (is(word, "sleep"))
    sleep_ms(atol(*at++));
  else if (is(word, "wait"))
    wait_for(*at++);
  else if (is(word, "die"))
    kill(getpid(), SIGKILL);
  else if (is(word, "calls")) {
    call_often(at[0], atol(at[1]));
    at += 2;
  } else if (is(word, "fork")) {
    ++at;
    if (fork() != 0) at = behind_closing(at);
  } else if (is(word, "join")) {
    while (wait(NULL) > 0) {
    }
  } else if (is(word, "exec")) {
    *--at = self;
    execv("/proc/self/exe", at);
    exit(97);
  } else {
    exit(98);
  }
  return at;
}

int main(int argc, char** argv) {
  (void)argc;
  for (char** at = argv + 1; at != NULL && *at != NULL;) at = act(argv[0], at);
  return 0;
}
