#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/tally.hpp"

/// The file through which a process hands its records to the recorder: a heading, a table that the
/// recorder fills, a ring of slots, and behind it in the first one what tally.hpp tells. The
/// process maps it; the recorder reads and writes it with pread and pwrite only, so that a file cut
/// short by whoever owns it cannot harm the recorder.
namespace mprofpp::wire {

inline constexpr std::uint32_t magic = 0x7070726d;  // "mrpp"
/// What the build has made of all sources in this folder: a process that was built from others has
/// another one, and no recorder reads what it writes.
inline constexpr std::uint32_t stamp = MPROFPP_WIRE_STAMP;

/// What the process says of its use of the ring.
enum class State : std::uint32_t {
  live,
  left,  ///< the writer has begun another program (exec) or is done: nothing more will come
};

/// Bit of Heading::reserved: the process has gone on to the next segment, no slot is given out any
/// more.
inline constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63;

/// The first page. Whoever may write a field is named; the others only read it.
struct Heading {
  std::uint32_t magic;
  std::uint32_t stamp;
  std::uint32_t slots;       ///< a power of two
  std::uint32_t pid;         ///< of whom the records speak, as that process sees itself
  std::uint32_t writer;      ///< who writes: `pid` itself but for `mprofpp mark` and `mprofpp span`
  std::uint64_t start;       ///< clock ticks since boot: with the pid, the process's identity
  std::uint64_t begun;       ///< CLOCK_MONOTONIC, nanoseconds: when this program first had a mark
  std::uint32_t segment;     ///< counted from 0: a full ring is followed by a larger one
  std::atomic<State> state;  ///< process

  alignas(
      64) std::atomic<std::uint64_t> reserved;  ///< process: slots given out since the beginning
  std::atomic<std::uint64_t> dropped;           ///< process: records there was no room for
  std::atomic<std::uint32_t> tallies;           ///< process: so many there are behind the slots
  std::atomic<std::uint32_t> lacks_tally;       ///< process sets when a thread waits for that of
                                                ///< another, recorder clears with `drained`

  alignas(64) std::atomic<std::uint64_t> drained;  ///< recorder: slots whose content is not needed
  std::atomic<std::uint32_t> bell_rung;            ///< process sets, recorder clears with `drained`
  std::atomic<std::uint32_t> answers;              ///< recorder: how many there are in AnswerTable

  alignas(64) std::uint64_t unused_too[488];
};

/// Addresses of functions that nobody wants to see: the recorder, which alone knows names, puts
/// them there, and the process asks before it writes a record. Where only some functions are wanted
/// it puts those there too, with wanted_bit. Open addressing, 0 is free; see answers.hpp.
inline constexpr std::uint64_t wanted_bit = std::uint64_t{1} << 63;
inline constexpr std::size_t answer_slots = 4096;
struct AnswerTable {
  std::atomic<std::uint64_t> addresses[answer_slots];
};

/// One record and its commit: slot n modulo `slots` holds record n once `sequence` is n + 1. That
/// is written last, so a process that is killed leaves whole records and at most one torn one a
/// thread.
struct Slot {
  std::atomic<std::uint64_t> sequence;
  unsigned char record[record_size];
};

static_assert(sizeof(Heading) == 4096 && sizeof(AnswerTable) == 32768 && sizeof(Slot) == 64);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

inline constexpr std::size_t answers_at = sizeof(Heading);
inline constexpr std::size_t slots_at = sizeof(Heading) + sizeof(AnswerTable);

/// The first segment has 4096 slots (256 KiB), each further one twice as many as the one before;
/// all together stay below 16 MiB, tallies apart. Then records are dropped, and counted.
inline constexpr std::uint32_t first_slots = 4096;
inline constexpr std::uint32_t most_segments = 6;
constexpr std::uint32_t slots_of_segment(std::uint32_t segment) {
  return first_slots << segment;
}
constexpr std::size_t size_of_segment(std::uint32_t segment) {
  return slots_at + sizeof(Slot) * slots_of_segment(segment);
}
/// Those of the first segment, of so many slots.
constexpr std::size_t tally_at(std::uint32_t slots, std::uint32_t number) {
  return slots_at + sizeof(Slot) * slots + sizeof(Tally) * number;
}
static_assert(tally_at(first_slots, 0) % 4096 == 0);
static_assert(slots_at * most_segments +
                  sizeof(Slot) * (slots_of_segment(most_segments) - first_slots) <=
              16 * 1024 * 1024);

}  // namespace mprofpp::wire
