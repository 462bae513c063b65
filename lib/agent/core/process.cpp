#include "core/process.hpp"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "core/note.hpp"
#include "core/own_files.hpp"
#include "core/processor.hpp"
#include "core/thread.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
namespace {

// nanoseconds
constexpr std::uint64_t try_gap = 1'000'000'000;
constexpr std::uint64_t patience = 10'000'000'000;
constexpr long shortest_nap = 50'000;
constexpr long longest_nap = 5'000'000;

constinit Process the_process;

/// Returns memory that a forked child finds zeroed; null, with errno, if there is none. Linux before
/// 4.14 has no such memory, and there a child would write into its parent's ring.
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
  if (environment().read() && *environment().folder() != '\0') begin_recording();
}

void Process::begin_recording() {
  is_exact_ = environment().is_exact();
  shortest_reported_ = environment().shortest_reported();
  is_selective_ = *environment().trace() != '\0' || *environment().no_trace() != '\0';
  is_recorded_.store(true, std::memory_order_relaxed);
}

/// Returns the page, which is mapped at the first call. Returns null if that fails: then there are
/// no marks, and the attempt is not repeated.
Process::WipedOnFork* Process::page() {
  auto* existing = page_.load(std::memory_order_acquire);
  if (existing != nullptr) return existing;
  auto* const made = static_cast<WipedOnFork*>(map_wiped_on_fork(sizeof(WipedOnFork)));
  if (made == nullptr) {
    note_missing_ring(errno);
    is_recorded_.store(false, std::memory_order_relaxed);
    return nullptr;
  }
  if (page_.compare_exchange_strong(existing, made, std::memory_order_acq_rel)) return made;
  ::munmap(made, sizeof *made);  // another thread was first
  return existing;
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

/// Waits for the thread `beginner` to create the ring. A signal handler that has interrupted that
/// very thread would wait in vain and does not get here. On a busy machine many waiting threads must
/// not keep it from its work, so they check less and less often. It may also have been stopped, so
/// no thread waits for ever, and once one has waited for it in vain, no other waits for it again.
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
  lines_.forget();
  prepare_for_threads();
  const auto pid = static_cast<std::uint32_t>(::getpid());
  if (!writer_.begin({environment().folder(), pid, pid, own_start(), now})) {
    next_try_ = now + try_gap;
    note_missing_ring(errno);
    return false;
  }
  resident_.read();  // opens its file before several threads try to
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
    lines_.stay_as_it_is();
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

std::size_t Process::memory_of_agent() {
  const bool has_ring = is_open_.load(std::memory_order_relaxed) && is_same_process();
  return has_ring ? writer_.size() + lines_.memory() : 0;
}

std::uint64_t Process::highest_before_resets() {
  const bool has_ring = is_open_.load(std::memory_order_relaxed) && is_same_process();
  return has_ring ? lines_.highest() : 0;
}

bool Process::open_lines() {
  if (lines_.is_open()) return true;
  if (is_quiet() || lines_.has_failed()) return false;
  const KeepErrno keep_errno;
  const auto pid = static_cast<std::uint32_t>(::getpid());
  return lines_.create({environment().folder(), pid, pid, own_start(), monotonic_now()});
}

void Process::end_recording() {
  const KeepErrno keep_errno;
  fall_silent();
  recordings_.fetch_add(1, std::memory_order_relaxed);
  writer_.forget();
  lines_.forget();
  resident_.forget();
  next_try_ = 0;
  if (auto* const page = page_.exchange(nullptr)) ::munmap(page, sizeof *page);
}

void Process::fall_silent() {
  is_open_.store(false, std::memory_order_relaxed);
  is_recorded_.store(false, std::memory_order_relaxed);
}

/// A vforked child shares this memory but is another process, and its state is not that of the ring.
void Process::set_state(wire::State state) {
  const bool is_ours = is_open_.load(std::memory_order_relaxed) && is_same_process();
  if (is_ours && static_cast<std::uint32_t>(::getpid()) == writer_.pid()) writer_.set_state(state);
}

void Process::leave_note(const char* name) const {
  if (is_recorded() && !is_quiet()) agent::leave_note(environment().folder(), name);
}

/// Leaves the note that no ring could be created, with the errno of the failure.
void Process::note_missing_ring(int error) const {
  wire::Path name(wire::no_ring_note);
  leave_note(name.add_number(static_cast<unsigned>(error)).text());
}

}  // namespace mprofpp::agent
