#include "core/thread.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "core/loaded_object.hpp"

namespace mprofpp::agent {
namespace {

// The low bits of a call's number count the calls of its thread, the high bits are the thread's own.
constexpr int bits_within_thread = 40;
constexpr std::uint32_t ids_of_ours = std::uint32_t{1} << 31;

constinit thread_local Thread the_thread;
constinit std::atomic<std::uint64_t> threads_known = 0;

constinit pthread_key_t end_of_thread = 0;
constinit decltype(&::pthread_setspecific) set_value = nullptr;  ///< null if there is no such key
__attribute__((section(".data"))) constinit EndCalls* end_calls = nullptr;  // see environment.cpp

/// Ends the calls of a thread that exits and frees its memory. The thread may still make marks
/// afterwards, in the destructors of other keys; those are reported one by one.
void release(void* thread) {
  auto& ending = *static_cast<Thread*>(thread);
  const bool has_calls = ending.short_calls.is_on() || !ending.frames.empty();
  if (has_calls && end_calls != nullptr) end_calls();
  ending.frames.release();
}

}  // namespace

void call_at_thread_end(EndCalls* end) {
  end_calls = end;
}

void prepare_for_threads() {
  if (set_value != nullptr) return;
  // Up to 2.33 glibc had these in libpthread, which programs without threads do not load.
  auto* const create = find_function<decltype(::pthread_key_create)>("pthread_key_create");
  auto* const set = find_function<decltype(::pthread_setspecific)>("pthread_setspecific");
  // If the program has used up all keys, each thread with very deep calls leaks some memory.
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
