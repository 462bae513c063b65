// A library with the two names of the agent by which a process is entered. Its thread answers "hello" to
// each message of the client, and ends with the client. With REUSE=1 it maps other memory in the place of the
// memory that it removes. With ANSWER=NAME it says
// that it listens at NAME.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { closed, opened, failed };
struct door_state {
  uint32_t state;
  int32_t error;
  char socket[108];
};

__attribute__((visibility("default"))) struct door_state mprofpp_door_state = {closed, 0, ""};

struct door {
  int listener;
  void* scratch;
  size_t size;
  int is_reused;
  char socket[108];
  char named[108];
};

static void set_state(uint32_t state, int32_t error) {
  mprofpp_door_state.error = error;
  __atomic_store_n(&mprofpp_door_state.state, state, __ATOMIC_RELEASE);
}

static void* serve(void* argument) {
  struct door* door = argument;
  pthread_setname_np(pthread_self(), "door");
  if (door->size != 0) munmap(door->scratch, door->size);
  if (door->size != 0 && door->is_reused) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    mmap(door->scratch, door->size, PROT_READ | PROT_WRITE, flags, -1, 0);
  }
  strcpy(mprofpp_door_state.socket, door->named[0] != 0 ? door->named : door->socket);
  set_state(opened, 0);
  const int client = accept(door->listener, NULL, NULL);
  set_state(closed, 0);
  close(door->listener);
  char bytes[64];
  ssize_t got = read(client, bytes, sizeof bytes);
  while (got > 0) {
    if (send(client, "hello\n", 6, MSG_NOSIGNAL) < 0) break;
    got = read(client, bytes, sizeof bytes);
  }
  close(client);
  free(door);
  return NULL;
}

static void copy(char (*to)[108], const char* text) {
  snprintf(*to, sizeof *to, "%s", text);
}

static int listen_at(const char* name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, name, strlen(name) + 1);
  if (name[0] == '@') address.sun_path[0] = 0;
  const size_t size = offsetof(struct sockaddr_un, sun_path) + strlen(name) + (name[0] != '@');
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int is_bound = bind(listener, (const struct sockaddr*)&address, (socklen_t)size) == 0;
  return is_bound && listen(listener, 1) == 0 ? listener : -1;
}

static void take(struct door* door, const char* text) {
  const char scratch[] = "SCRATCH=";
  if (strncmp(text, "DOOR=", 5) == 0) copy(&door->socket, text + 5);
  if (strncmp(text, "ANSWER=", 7) == 0) copy(&door->named, text + 7);
  if (strcmp(text, "REUSE=1") == 0) door->is_reused = 1;
  if (strncmp(text, scratch, sizeof scratch - 1) != 0) return;
  char* end = NULL;
  door->scratch = (void*)strtoull(text + sizeof scratch - 1, &end, 16);
  door->size = (size_t)strtoull(end + 1, NULL, 16);
}

__attribute__((visibility("default"))) int mprofpp_open_door(const char* request) {
  struct door* door = calloc(1, sizeof *door);
  if (door == NULL) return 0;
  for (; *request != 0; request += strlen(request) + 1) take(door, request);
  door->listener = listen_at(door->socket);
  if (door->listener < 0) {
    set_state(failed, errno);
    return 0;
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, serve, door);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0) set_state(failed, error);
  return 0;
}

// Called by the loader of Python: the request is in a file next to this library.
__attribute__((visibility("default"))) void* PyInit_mprofpp_door(void) {
  Dl_info own;
  char path[4096];
  char request[4096] = {0};
  if (dladdr(&mprofpp_door_state, &own) == 0) return NULL;
  const char* end = strrchr(own.dli_fname, '/');
  if (end == NULL) return NULL;
  snprintf(path, sizeof path, "%.*s/request", (int)(end - own.dli_fname), own.dli_fname);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || read(file, request, sizeof request - 2) < 0) return NULL;
  close(file);
  mprofpp_open_door(request);
  return NULL;
}
