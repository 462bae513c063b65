#include "thread.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "loaded_object.hpp"
#include "visit.hpp"

namespace mprofpp::agent {
namespace {

// numbers of calls: a thread counts in the low bits, the threads of a process in the high ones
constexpr int bits_within_thread = 40;
constexpr std::uint32_t ids_of_ours = std::uint32_t{1} << 31;

__attribute__((tls_model("initial-exec"))) constinit thread_local Thread the_thread;
constinit std::atomic<std::uint64_t> threads_known = 0;

constinit pthread_key_t end_of_thread = 0;
constinit decltype(&::pthread_setspecific) set_value = nullptr;  ///< null without that key

/// It may make marks after this, in the destructors of others: those are told one by one.
void release(void* thread) {
  auto& ending = *static_cast<Thread*>(thread);
  if (ending.short_calls.is_on() || !ending.frames.empty()) Visit().end_thread();
  ending.frames.release();
}

}  // namespace

void prepare_for_threads() {
  if (set_value != nullptr) return;
  // looked up: until 2.33 glibc had them in libpthread, which programs without threads do not load
  auto* const create = find_function<decltype(::pthread_key_create)>("pthread_key_create");
  auto* const set = find_function<decltype(::pthread_setspecific)>("pthread_setspecific");
  // a program that has used up all keys has some memory of each deep thread kept to its end
  const bool has_key = create != nullptr && set != nullptr && create(&end_of_thread, release) == 0;
  if (has_key) set_value = set;
}

Thread& this_thread() {
  return the_thread;
}

void introduce(Thread& thread, Kernel kernel) {
  if (set_value != nullptr) set_value(end_of_thread, &thread);
  if (thread.next_call == 0) {
    const auto serial = threads_known.fetch_add(1, std::memory_order_relaxed) + 1;
    thread.next_call = serial << bits_within_thread;
  }
  const bool may_ask = kernel == Kernel::may_be_called;
  thread.id =
      may_ask ? static_cast<std::uint32_t>(::syscall(SYS_gettid))
              : ids_of_ours | static_cast<std::uint32_t>(thread.next_call >> bits_within_thread);
  thread.rss_time = 0;
}

}  // namespace mprofpp::agent
