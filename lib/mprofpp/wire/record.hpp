#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

/// What a recorded process tells the recorder, record by record. Written by the agent inside the
/// process, read by the recorder, which believes nothing of it. Plain memory: fixed sizes, no
/// pointers that anybody follows. Both ends come from one build; a recorder refuses what
/// another build writes (see stamp in layout.hpp).
namespace mprofpp::wire {

/// First byte of every record.
enum class Kind : std::uint8_t {
  enter = 1,  ///< Event: a call begins
  leave,      ///< Event: the call of that number ends
  mark,       ///< Event: a point in time; `what` is the text's id
  text,       ///< Text: a piece of a name, before the first record that uses it
  module,     ///< Module: a file of code is mapped there; before the first address in it
};

/// Bits of Event::flags.
enum Flag : std::uint8_t {
  reused = 1,     ///< `rss` was read a moment before, for another mark
  raised = 2,     ///< the call was left by an exception
  inherited = 4,  ///< the call was begun before this process was forked; `time` is that of the fork
  address = 8,    ///< `what` is a function's address, not the id of a text
  within = 16,    ///< of a begin: `active` is the call it was begun in, or 0. Should another one be
  ///< the innermost of the lane then, the two run side by side, in lanes of their own
  signature = 32,  ///< the text is a C++ function's signature, as the compiler spells it
};

/// What tells rows of calls within one thread apart.
enum class LaneKind : std::uint8_t { thread, greenlet, task };

inline constexpr std::uint64_t unknown_rss = ~std::uint64_t{0};

/// A call's begin or end, or a point in time.
struct Event {
  Kind kind;
  std::uint8_t flags;
  LaneKind lane_kind;
  std::uint8_t unused;
  std::uint32_t thread;  ///< the kernel's id, as the process itself sees it
  std::uint64_t time;    ///< nanoseconds of CLOCK_MONOTONIC
  std::uint64_t call;    ///< begin and end of one call have the same; never reused in a process
  std::uint64_t what;    ///< id of a text, or an address
  std::uint64_t rss;     ///< bytes without the ring's own pages, or unknown_rss
  std::uint64_t lane;    ///< number of the greenlet or task; 0 in a plain thread
  std::uint64_t active;  ///< of a coroutine that ends: the nanoseconds in which it ran; else 0
};

/// A piece of a text. The pieces of one text stand behind one another, the last one says so.
struct Text {
  static constexpr std::size_t room = 40;

  Kind kind;
  bool is_last;
  std::uint16_t length;  ///< of `bytes` that count
  std::uint32_t unused;
  std::uint64_t id;
  char bytes[room];
};

/// Where a file of code lies in the process.
struct Module {
  Kind kind;
  std::uint8_t unused[7];
  std::uint64_t path;   ///< id of a text
  std::uint64_t bias;   ///< address in memory minus address in the file's symbol table
  std::uint64_t begin;  ///< of the mapped code, in memory
  std::uint64_t end;
  std::uint64_t unused_too[2];
};

inline constexpr std::size_t record_size = 56;

template <class R>
concept Record = std::is_trivially_copyable_v<R> && sizeof(R) == record_size;

static_assert(Record<Event> && Record<Text> && Record<Module>);

}  // namespace mprofpp::wire
