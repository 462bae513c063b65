#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

/// Reports short calls without a record for each. A thread that makes very many of them gets a
/// tally, a part of its ring's file after the slots. The tally holds the calls that the thread is
/// in and has not reported yet, and sums of the calls that were too short to be reported one by
/// one. All of it is in the file at every moment, so nothing is lost when the process is killed.
///
/// Only the thread writes its tally, except for `epoch`; the recorder reads it now and then. Sums only grow
/// and are never reset: the recorder finds in its next look what it has missed in this one.
namespace mprofpp::wire {

/// A call that has started, as in Event.
struct PendingCall {
  std::atomic<std::uint64_t> call;
  std::atomic<std::uint64_t> what;
  std::atomic<std::uint64_t> time;
  std::atomic<std::uint64_t> rss;
  std::atomic<std::uint64_t> flags;
  std::uint64_t unused;
};

/// The short calls of a function are summed or grouped if it ends more often than this in a second.
inline constexpr std::uint16_t busy_ends = 100;

/// How often calls of a function have ended. Only the thread itself uses it.
struct Rate {
  std::uint64_t what;
  std::uint32_t second;  ///< of CLOCK_MONOTONIC
  std::uint16_t now;     ///< ends in that second; 65535 is that many or more
  std::uint16_t before;  ///< ends in the second before
};

/// The finished calls of one function at one level.
struct CallSum {
  std::atomic<std::uint64_t> what;
  std::atomic<std::uint16_t> level;   ///< within the thread's lane
  std::atomic<std::uint8_t> flags;    ///< flags of Event that describe `what`
  std::atomic<std::uint8_t> epoch;    ///< low bits of Tally::epoch at the last change
  std::atomic<std::uint32_t> count;   ///< modulo 2^32
  std::atomic<std::uint64_t> length;  ///< nanoseconds of all calls
  /// Bytes, in two's complement: the memory at the ends minus the memory at the starts.
  std::atomic<std::uint64_t> growth;
  std::atomic<std::uint64_t> from;  ///< this and the next three: of the calls of this epoch only
  std::atomic<std::uint64_t> to;
  std::atomic<std::uint64_t> rss_min;
  std::atomic<std::uint64_t> rss_max;
};

inline constexpr std::size_t most_pending = 80;
inline constexpr std::size_t rate_sets = 256;
inline constexpr std::size_t rates_in_set = 4;
inline constexpr std::size_t sum_sets = 128;
inline constexpr std::size_t sums_in_set = 8;
inline constexpr std::size_t sums_in_tally = sum_sets * sums_in_set;

/// A sum as it was before the innermost pending call is counted. Counting takes many stores, and the
/// process may be killed between any two of them. While `call` is the number of the innermost pending call,
/// that call is not counted yet, whatever the sum contains; it stops being pending only after the last
/// store. The extremes and times of the sum may already include the call's readings.
struct Counting {
  std::atomic<std::uint64_t> length;
  std::atomic<std::uint64_t> growth;
  std::atomic<std::uint32_t> count;
  std::atomic<std::uint32_t> sum;   ///< its index among the sums of the tally
  std::atomic<std::uint64_t> call;  ///< written last
};

struct Tally {
  std::atomic<std::uint32_t> thread;    ///< the thread that has it or had it last, as in Event
  std::atomic<std::uint32_t> depth;     ///< number of `pending` calls, the innermost last
  std::atomic<std::uint32_t> is_taken;  ///< 0 if the thread has ended
  std::uint32_t given_back;             ///< the epoch in which the thread ended
  Counting counting;

  /// Written by the recorder, which adds one after each look. It knows the sums of all epochs
  /// before the last one, so their places may be reused.
  alignas(64) std::atomic<std::uint32_t> epoch;

  alignas(64) PendingCall pending[most_pending];
  alignas(4096) Rate rates[rate_sets][rates_in_set];
  CallSum sums[sum_sets][sums_in_set];
};

static_assert(sizeof(PendingCall) == 48 && sizeof(Rate) == 16 && sizeof(CallSum) == 64);
static_assert(sizeof(Tally) == 86016 && sizeof(Tally) % 4096 == 0);

/// The number of tallies that a ring has room for; further threads report each call.
inline constexpr std::uint32_t most_tallies = 256;

}  // namespace mprofpp::wire
