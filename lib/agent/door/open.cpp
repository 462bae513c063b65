#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"
#include "core/text_block.hpp"
#include "door/interpreter.hpp"
#include "door/listener.hpp"
#include "door/scratch.hpp"
#include "door/server.hpp"
#include "mprofpp/wire/door.hpp"

/// The door of a program. No thread of ours waits in a program: mprofpp lets one of the program's threads
/// call mprofpp_open_door, which starts two. The server has the socket, and a table of descriptors of its
/// own. The host starts a worker for each client, in which requests run; they use the program's descriptors,
/// as its own threads do. All end with the last client.

namespace mprofpp::agent::door {
namespace {

// In libpthread up to glibc 2.33, which programs with threads have loaded.
using CreateThread = decltype(::pthread_create);
using DetachThread = decltype(::pthread_detach);

/// The argument of a call that came while the door was closing, and whether there is one.
constinit char next_block[wire::door::longest_request_block] = {};
enum class Next : int { none, being_written, there };
constinit std::atomic<Next> next = Next::none;
constinit std::atomic<int> owner = 0;  ///< the process whose door is open: not its forked children
constinit Visit the_visit{};

}  // namespace
}  // namespace mprofpp::agent::door

/// Is read from outside; see wire/door.hpp.
MPROFPP_EXPORT mprofpp::wire::door::State mprofpp_door_state;
constinit mprofpp::wire::door::State mprofpp_door_state{};

namespace mprofpp::agent::door {
namespace {

void set_state(std::uint32_t state, int error) {
  mprofpp_door_state.error = error;
  __atomic_store_n(&mprofpp_door_state.state, state, __ATOMIC_RELEASE);
}

/// Blocks all signals in this thread while it lives, and in the threads that it starts. glibc's function for
/// that has another version since 2.32.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, sizeof before_);
  }
  ~SignalsBlocked() {
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, sizeof before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  std::uint64_t before_ = 0;  ///< the kernel's set of 64 signals
};

/// Starts a thread that no signal of the program interrupts. Returns an errno.
int start_thread(void* (*run)(void*), void* argument) {
  auto* const create = find_function<CreateThread>("pthread_create");
  auto* const detach = find_function<DetachThread>("pthread_detach");
  if (create == nullptr || detach == nullptr) return ENOSYS;
  const SignalsBlocked signals_blocked;
  pthread_t thread{};
  const int error = create(&thread, nullptr, run, argument);
  if (error == 0) detach(thread);
  return error;
}

void name_thread(const char* name) {
  ::prctl(PR_SET_NAME, name);
}

// The worker of a client

void* work(void* argument) {
  auto& client = *static_cast<Client*>(argument);
  name_thread("mprofpp-request");
  client.runner.store(::pthread_self());
  Visit& visit = the_visit;
  while (true) {
    const auto phase = client.get_phase();
    if (phase == Phase::requested || phase == Phase::abandoned) {
      run_request(visit, client);
    } else if (phase == Phase::idle && client.is_gone.load()) {
      break;
    } else {
      constexpr long longest = 1000;
      wait_while(client.phase, static_cast<std::uint32_t>(phase), longest);
    }
  }
  forget(client);
  client.has_worker.store(false);
  return nullptr;
}

// The server

void* run_server(void*) {
  Visit& visit = the_visit;
  name_thread("mprofpp-door");
  leave_descriptors();
  visit.listener = listen_at(mprofpp_door_state.socket);
  if (visit.listener < 0) {
    set_state(wire::door::State::failed, errno);
  } else {
    set_state(wire::door::State::open, 0);
    serve(visit);
    remove_socket(mprofpp_door_state.socket);
    wire::uncancelled::close(visit.listener);
    set_state(wire::door::State::closed, 0);
  }
  visit.is_over.store(true);
  signal(visit.wanted);
  return nullptr;
}

// The host

void do_what_is_wanted(Client& client) {
  if (client.is_wanted.exchange(false) && start_thread(work, &client) != 0) {
    client.has_worker.store(false);
    client.is_gone.store(true);
  }
  if (client.is_stopped.exchange(false)) interrupt_request(client);
}

void host(Visit& visit) {
  while (true) {
    const auto seen = visit.wanted.load();
    for (auto& client : visit.clients) do_what_is_wanted(client);
    if (visit.is_over.load()) return;
    constexpr long longest = 1000;
    wait_while(visit.wanted, seen, longest);
  }
}

/// Gives the pages of the visit back to the kernel: they are zeros from then on.
void clear(Visit& visit) {
  ::madvise(&visit, sizeof visit, MADV_DONTNEED);
}

/// Takes the name of the socket from the block. Returns an errno.
int read_block(const char* block) {
  const char* const name = value_in(block, wire::door::socket_name);
  if (name == nullptr) return EINVAL;
  auto& socket = mprofpp_door_state.socket;
  if (strlen(name) >= sizeof socket) return ENAMETOOLONG;
  memcpy(socket, name, strlen(name) + 1);
  return 0;
}

int begin_visit(Visit& visit) {
  unmap_scratch(visit.block);
  const int wrong = read_block(visit.block);
  return wrong != 0 ? wrong : start_thread(run_server, nullptr);
}

void host_visit(Visit& visit) {
  if (const int error = begin_visit(visit); error == 0) {
    host(visit);
    forget_handlers();
  } else {
    set_state(wire::door::State::failed, error);
  }
  clear(visit);
}

/// Takes the argument of a call that came meanwhile, if this thread may go on to open the door for it.
bool take_next() {
  const int self = ::getpid();
  int nobody = 0;
  if (next.load() != Next::there || !owner.compare_exchange_strong(nobody, self)) return false;
  memcpy(the_visit.block, next_block, sizeof next_block);
  next.store(Next::none);
  return true;
}

void* run_host(void*) {
  name_thread("mprofpp-host");
  do {
    host_visit(the_visit);
    owner.store(0);
  } while (take_next());
  return nullptr;
}

/// Returns the size of the block with the empty text at its end; 0 if it is too long.
std::size_t size_of_block(const char* block) {
  std::size_t size = 0;
  while (size < wire::door::longest_request_block && block[size] != '\0') {
    size += strlen(block + size) + 1;
  }
  return size < wire::door::longest_request_block ? size + 1 : 0;
}

/// Keeps a call's argument for the thread that is about to close the door. Only the first call counts.
void leave_for_next(const char* block, std::size_t size) {
  auto none = Next::none;
  if (!next.compare_exchange_strong(none, Next::being_written)) return;
  memcpy(next_block, block, size);
  next.store(Next::there);
}

void open(const char* block) {
  const auto size = size_of_block(block);
  const int self = ::getpid();
  int before = owner.load();
  if (before == self || !owner.compare_exchange_strong(before, self)) {
    const bool is_open =
        __atomic_load_n(&mprofpp_door_state.state, __ATOMIC_ACQUIRE) == wire::door::State::open;
    if (!is_open && size != 0) leave_for_next(block, size);
    return;
  }
  next.store(Next::none);
  set_state(wire::door::State::closed, 0);
  clear(the_visit);  // in a forked child it is its parent's
  memcpy(the_visit.block, block, size);
  const int error = size == 0 ? EINVAL : start_thread(run_host, nullptr);
  if (error == 0) return;
  set_state(wire::door::State::failed, error);
  owner.store(0);
}

}  // namespace
}  // namespace mprofpp::agent::door

/// Opens the door, or does nothing if it is open. May be called by any thread that is not within the
/// memory allocator or the dynamic linker. Returns 0, so that Py_AddPendingCall can call it.
MPROFPP_EXPORT int mprofpp_open_door(const char* block) {
  const mprofpp::agent::KeepErrno keep_errno;
  mprofpp::agent::door::open(block);
  return 0;
}
