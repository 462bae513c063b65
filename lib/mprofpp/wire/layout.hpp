#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/tally.hpp"

/// The file through which a process passes its records to the recorder: a header, a filter that the
/// recorder fills, a ring of slots and, in the first file, the tallies of tally.hpp after it. The
/// process maps the file. The recorder only uses pread and pwrite, so that a file that its owner
/// cuts short cannot harm the recorder.
namespace mprofpp::wire {

inline constexpr std::uint32_t magic = 0x7070726d;  // "mrpp"
/// A hash that the build makes of all sources in this folder and of the processor. A process that
/// was built from other sources has another stamp, and no recorder reads what it writes.
inline constexpr std::uint32_t stamp = MPROFPP_WIRE_STAMP;

/// The state of a ring's writer.
enum class State : std::uint32_t {
  live,
  left,  ///< the writer has called exec or is done: no more records will follow
};

/// A bit of RingHeader::reserved: the process has moved on to the next segment, and no more slots of
/// this one are given out.
inline constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63;

/// The first page. For the fields that change, the comments name the side that writes them; the
/// other side only reads them.
struct RingHeader {
  std::uint32_t magic;
  std::uint32_t stamp;
  std::uint32_t slots;  ///< a power of two
  std::uint32_t pid;    ///< the recorded process, in its own pid namespace
  /// The pid of the writer: `pid`, except for `mprofpp mark` and `mprofpp span`.
  std::uint32_t writer;
  std::uint64_t start;       ///< clock ticks since boot; with the pid, the process's identity
  std::uint64_t begun;       ///< CLOCK_MONOTONIC, nanoseconds: when this program first had a mark
  std::uint32_t segment;     ///< counted from 0: a full ring is followed by a larger one
  std::atomic<State> state;  ///< process

  /// Process: slots given out since the beginning.
  alignas(64) std::atomic<std::uint64_t> reserved;
  std::atomic<std::uint64_t> dropped;  ///< process: records for which there was no room
  std::atomic<std::uint32_t> tallies;  ///< process: number of tallies after the slots
  /// The process sets it if a thread waits for the tally of another thread; the recorder clears it
  /// with `drained`.
  std::atomic<std::uint32_t> lacks_tally;

  /// Recorder: slots whose content is no longer needed.
  alignas(64) std::atomic<std::uint64_t> drained;
  /// Set by the process when it rings the bell; the recorder clears it with `drained`.
  std::atomic<std::uint32_t> bell_rung;
  std::atomic<std::uint32_t> filter_entries;  ///< recorder: number of entries in FunctionFilter

  alignas(64) std::uint64_t unused_too[488];
};

/// Addresses of muted functions. The recorder, which alone knows names, adds them, and the process
/// looks a function up before it writes a record. If only some functions are wanted, the recorder
/// adds those too, with wanted_bit. Open addressing, 0 is a free entry; see function_filter.hpp.
inline constexpr std::uint64_t wanted_bit = std::uint64_t{1} << 63;
inline constexpr std::size_t filter_slots = 4096;
struct FunctionFilter {
  std::atomic<std::uint64_t> addresses[filter_slots];
};

/// A record and its commit: slot n modulo `slots` holds record n once `sequence` is n + 1.
/// `sequence` is written last, so a process that is killed leaves whole records and at most one
/// torn one per thread.
struct Slot {
  std::atomic<std::uint64_t> sequence;
  unsigned char record[record_size];
};

static_assert(sizeof(RingHeader) == 4096 && sizeof(FunctionFilter) == 32768 && sizeof(Slot) == 64);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

inline constexpr std::size_t filter_at = sizeof(RingHeader);
inline constexpr std::size_t slots_at = sizeof(RingHeader) + sizeof(FunctionFilter);

/// The first segment has 4096 slots (256 KiB), each further one twice as many as the one before. Together
/// they stay below 16 MiB, not counting tallies. After that, records are dropped and counted.
inline constexpr std::uint32_t first_slots = 4096;
inline constexpr std::uint32_t most_segments = 6;
constexpr std::uint32_t slots_of_segment(std::uint32_t segment) {
  return first_slots << segment;
}
/// Returns the size in bytes of a segment with that many slots, without tallies.
constexpr std::size_t size_of_segment(std::uint32_t slots) {
  return slots_at + sizeof(Slot) * slots;
}
/// Returns the offset of tally `number` in the first segment, which has `slots` slots.
constexpr std::size_t tally_at(std::uint32_t slots, std::uint32_t number) {
  return size_of_segment(slots) + sizeof(Tally) * number;
}
static_assert(tally_at(first_slots, 0) % 4096 == 0);
static_assert(slots_at * most_segments +
                  sizeof(Slot) * (slots_of_segment(most_segments) - first_slots) <=
              16 * 1024 * 1024);

}  // namespace mprofpp::wire
