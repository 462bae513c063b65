#include "process.hpp"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.hpp"
#include "environment.hpp"
#include "keep_errno.hpp"
#include "mprofpp/wire/uncancelled.hpp"
#include "note.hpp"
#include "number.hpp"
#include "proc_file.hpp"
#include "processor.hpp"
#include "thread.hpp"

namespace mprofpp::agent {
namespace {

// nanoseconds
constexpr std::uint64_t try_gap = 1'000'000'000;
constexpr std::uint64_t patience = 10'000'000'000;
constexpr long shortest_nap = 50'000;
constexpr long longest_nap = 5'000'000;

constinit Process the_process;

/// Clock ticks since boot; with the pid it names this process for all time.
std::uint64_t start_time() {
  char text[1024];
  if (!read_proc_file("/proc/self/stat", text)) return 0;
  // the name in parentheses may hold anything, parentheses too
  const char* at = __builtin_strrchr(text, ')');
  if (at == nullptr) return 0;
  constexpr int fields_after_name = 20;
  for (int field = 0; field < fields_after_name && at != nullptr; ++field) {
    at = __builtin_strchr(at + 1, ' ');
  }
  return at == nullptr ? 0 : number_at(at + 1).value;
}

/// Null when it cannot be had: Linux before 4.14 would have a child write into its parent's ring.
void* map_wiped_on_fork(std::size_t size) {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (::madvise(memory, size, MADV_WIPEONFORK) == 0) return memory;
  const int error = errno;
  ::munmap(memory, size);
  errno = error;
  return nullptr;
}

}  // namespace

Process& process() {
  return the_process;
}

void Process::load() {
  if (!environment().take() || *environment().folder() == '\0') return;
  is_exact_ = environment().is_exact();
  shortest_told_ = environment().shortest_told();
  is_selective_ = *environment().trace() != '\0' || *environment().no_trace() != '\0';
  is_recorded_.store(true, std::memory_order_relaxed);
}

/// Null when there can be none: then there are no marks, and nobody is to try again.
Process::WipedOnFork* Process::page() {
  auto* there = page_.load(std::memory_order_acquire);
  if (there != nullptr) return there;
  auto* const made = static_cast<WipedOnFork*>(map_wiped_on_fork(sizeof(WipedOnFork)));
  if (made == nullptr) {
    leave_note_of_no_ring(errno);
    is_recorded_.store(false, std::memory_order_relaxed);
    return nullptr;
  }
  if (page_.compare_exchange_strong(there, made, std::memory_order_acq_rel)) return made;
  ::munmap(made, sizeof *made);  // another thread was first
  return there;
}

[[gnu::noinline]] bool Process::begin_listening() {
  const KeepErrno keep_errno;
  auto* const page = this->page();
  if (page == nullptr) return false;
  const void* beginner = nullptr;
  const void* const self = __builtin_thread_pointer();
  if (!page->beginner.compare_exchange_strong(beginner, self, std::memory_order_acquire)) {
    return beginner != self && wait_for(beginner);
  }
  const bool is_there = is_open_.load(std::memory_order_relaxed) && is_same_process();
  const bool listens = is_there || make_ring();
  page->hopeless.store(nullptr, std::memory_order_relaxed);
  page->beginner.store(nullptr, std::memory_order_release);
  return listens;
}

/// A signal handler that has interrupted that thread itself would wait in vain and does not get
/// here. On a busy machine many who wait must not keep it from its work: they look less and less often.
/// It may have been stopped: nobody waits for ever, and for one who was waited for in vain nobody does again.
bool Process::wait_for(const void* beginner) {
  auto& page = *page_.load(std::memory_order_relaxed);
  const auto end = monotonic_now() + patience;
  for (long nap = shortest_nap; page.beginner.load(std::memory_order_acquire) == beginner;) {
    if (is_quiet() || page.hopeless.load(std::memory_order_relaxed) == beginner) return false;
    if (monotonic_now() > end) page.hopeless.store(beginner, std::memory_order_relaxed);
    wire::uncancelled::sleep({0, nap});
    nap = nap < longest_nap ? 2 * nap : nap;
  }
  return is_open_.load(std::memory_order_acquire) && is_same_process();
}

bool Process::make_ring() {
  const auto now = monotonic_now();
  const bool is_forked = is_open_.load(std::memory_order_relaxed);
  if (is_quiet() || (!is_forked && now < next_try_)) return false;
  if (is_forked) resident_.forget();
  is_open_.store(false, std::memory_order_relaxed);
  writer_.forget();
  prepare_for_threads();
  const auto pid = static_cast<std::uint32_t>(::getpid());
  if (!writer_.begin({environment().folder(), pid, pid, start_time(), now})) {
    next_try_ = now + try_gap;
    leave_note_of_no_ring(errno);
    return false;
  }
  resident_.read();  // opens its file before several threads want to
  if (Processor::counts_for_clock()) counter_rate_.begin(read_clock<Processor>());
  generation_.fetch_add(1, std::memory_order_relaxed);
  page_.load(std::memory_order_relaxed)->is_alive.store(true, std::memory_order_relaxed);
  is_open_.store(true, std::memory_order_release);
  return true;
}

void Process::enter_sandbox() {
  if (!is_recorded() || is_quiet()) return;
  if (is_listening()) {
    auto& thread = this_thread();
    introduce(thread, Kernel::may_be_called);
    thread.generation = generation();
    resident_.read();
    writer_.stay_quiet();
  }
  is_quiet_.store(true, std::memory_order_relaxed);
}

void Process::abandon() {
  auto* const page = page_.load(std::memory_order_acquire);
  if (page == nullptr) return;
  const void* self = __builtin_thread_pointer();
  page->beginner.compare_exchange_strong(self, nullptr);
  writer_.abandon();
}

void Process::fall_silent() {
  is_open_.store(false, std::memory_order_relaxed);
  is_recorded_.store(false, std::memory_order_relaxed);
}

/// A vforked child shares this memory but is another process: what it does is none of the ring's.
void Process::tell(wire::State state) {
  const bool is_ours = is_open_.load(std::memory_order_relaxed) && is_same_process();
  if (is_ours && static_cast<std::uint32_t>(::getpid()) == writer_.pid()) writer_.set_state(state);
}

}  // namespace mprofpp::agent
