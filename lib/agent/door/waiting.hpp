#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

/// Waiting for a number in memory to change. The functions of pthread for this are in a library of their
/// own up to glibc 2.33.
namespace mprofpp::agent::door {

using Word = std::atomic<std::uint32_t>;
static_assert(sizeof(Word) == sizeof(std::uint32_t));

/// Waits until the word is woken, its value differs from `value`, or the time has passed. It may also return
/// for no reason.
inline void wait_while(Word& word, std::uint32_t value, long milliseconds) {
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, &time, nullptr, 0);
}

inline void wake(Word& word) {
  ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr, nullptr, 0);
}

/// Changes a word that only counts, and wakes the threads that wait for that.
inline void signal(Word& word) {
  word.fetch_add(1, std::memory_order_release);
  wake(word);
}

}  // namespace mprofpp::agent::door
