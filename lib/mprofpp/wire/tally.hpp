#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

/// Short calls that are told without a record for each. A thread that makes very many of them gets
/// a tally, a part of its ring's file behind the slots: there it keeps the calls it is in and has
/// not told of yet, and sums of those that were over too soon to be told one by one. All of it is
/// in the file at every moment, so nothing is lost with a process that is killed.
///
/// The thread alone writes a tally, but for `epoch`; the recorder reads it now and then. Sums are
/// never taken back, they only grow: what the recorder does not see in one look it finds in the
/// next.
namespace mprofpp::wire {

/// A call that has begun, as in Event.
struct PendingCall {
  std::atomic<std::uint64_t> call;
  std::atomic<std::uint64_t> what;
  std::atomic<std::uint64_t> time;
  std::atomic<std::uint64_t> rss;
  std::atomic<std::uint64_t> flags;
  std::uint64_t unused;
};

/// How often a function has ended: for the thread's own use.
struct Rate {
  std::uint64_t what;
  std::uint32_t second;  ///< of CLOCK_MONOTONIC
  std::uint16_t now;     ///< ends in that second, 65535 standing for more
  std::uint16_t before;  ///< in the one before
};

/// The ended calls of one function at one level.
struct CallSum {
  std::atomic<std::uint64_t> what;
  std::atomic<std::uint16_t> level;   ///< within the thread's lane
  std::atomic<std::uint8_t> flags;    ///< of Event, those that say what `what` is
  std::atomic<std::uint8_t> epoch;    ///< low bits of Tally::epoch at the last change
  std::atomic<std::uint32_t> count;   ///< modulo 2^32
  std::atomic<std::uint64_t> length;  ///< nanoseconds of all
  std::atomic<std::uint64_t> growth;  ///< bytes, in two's complement: memory at the ends less that
                                      ///< at the begins
  std::atomic<std::uint64_t> from;    ///< this and what follows: of the calls of this epoch only
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

/// A sum as it was before the innermost pending call is counted. That takes many stores, and the
/// process may be killed between any two: as long as `call` is the innermost pending one's number
/// the call is not counted yet, whatever stands in the sum. Only when all is done is it pending no
/// longer. Extremes and times of the sum may have the call's readings already.
struct Counting {
  std::atomic<std::uint64_t> length;
  std::atomic<std::uint64_t> growth;
  std::atomic<std::uint32_t> count;
  std::atomic<std::uint32_t> sum;   ///< its place among all of the tally
  std::atomic<std::uint64_t> call;  ///< written last
};

struct Tally {
  std::atomic<std::uint32_t> thread;    ///< whose it is or was last, as in Event
  std::atomic<std::uint32_t> depth;     ///< of `pending`, the innermost last
  std::atomic<std::uint32_t> is_taken;  ///< 0: the thread has ended
  std::uint32_t given_back;             ///< the epoch in which it did
  Counting counting;

  /// Written by the recorder, one more after each look: sums of an earlier epoch than the last are
  /// known to it, and their places may be given to others.
  alignas(64) std::atomic<std::uint32_t> epoch;

  alignas(64) PendingCall pending[most_pending];
  alignas(4096) Rate rates[rate_sets][rates_in_set];
  CallSum sums[sum_sets][sums_in_set];
};

static_assert(sizeof(PendingCall) == 48 && sizeof(Rate) == 16 && sizeof(CallSum) == 64);
static_assert(sizeof(Tally) == 86016 && sizeof(Tally) % 4096 == 0);

/// A ring has room for so many; further threads tell of each call.
inline constexpr std::uint32_t most_tallies = 256;

}  // namespace mprofpp::wire
