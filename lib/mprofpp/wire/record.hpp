#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

/// The records that a process passes to the recorder. The agent inside the process writes them; the
/// recorder reads them and trusts nothing in them. They are plain memory: fixed sizes and no
/// pointers that are followed. Both ends come from one build; a recorder refuses the records of
/// another build (see stamp in layout.hpp).
namespace mprofpp::wire {

/// The first byte of every record.
enum class Kind : std::uint8_t {
  enter = 1,  ///< Event: a call starts
  leave,      ///< Event: the call of that number ends
  mark,       ///< Event: a point in time; `what` is the text's id
  text,       ///< Text: a piece of a name, before the first record that uses it
  module,     ///< Module: a mapped file of code, before the first address in it
};

/// Bits of Event::flags.
enum Flag : std::uint8_t {
  reused = 1,     ///< `rss` was read a moment earlier, for another mark
  raised = 2,     ///< the call ended with an exception
  inherited = 4,  ///< the call started before this process was forked; `time` is that of the fork
  address = 8,    ///< `what` is a function's address, not the id of a text
  /// Of a call that starts: `active` is the call in which it starts, or 0. If another call is the
  /// innermost of the lane then, the two run side by side, in lanes of their own.
  within = 16,
  signature = 32,  ///< the text is the signature of a C++ function, as the compiler writes it
};

/// The kind of a lane. The kinds distinguish several lanes within one thread.
enum class LaneKind : std::uint8_t { thread, greenlet, task };

inline constexpr std::uint64_t unknown_rss = ~std::uint64_t{0};
inline constexpr std::uint64_t unknown_growth = std::uint64_t{1} << 63;

/// The start or the end of a call, or a point in time.
struct Event {
  Kind kind;
  std::uint8_t flags;
  LaneKind lane_kind;
  std::uint8_t unused;
  std::uint32_t thread;  ///< the kernel's id, as the process itself sees it
  std::uint64_t time;    ///< nanoseconds of CLOCK_MONOTONIC
  std::uint64_t call;    ///< the same at the start and end of a call; never reused in a process
  /// The id of a text, or an address. At the end of a call with `active`: the bytes by which the
  /// process grew while the call ran, in two's complement, or unknown_growth.
  std::uint64_t what;
  std::uint64_t rss;   ///< bytes without the ring's own pages, or unknown_rss
  std::uint64_t lane;  ///< number of the greenlet or task; 0 in a plain thread
  /// At the end of a coroutine: the nanoseconds in which it ran. At a start: see Flag::within. Else 0.
  std::uint64_t active;
};

/// A piece of a text. The pieces of one text follow one another, and the last one is marked as such.
struct Text {
  static constexpr std::size_t room = 40;

  Kind kind;
  bool is_last;
  std::uint16_t length;  ///< number of `bytes` that are used
  std::uint32_t unused;
  std::uint64_t id;
  char bytes[room];
};

/// The position of a file of code in the process.
struct Module {
  Kind kind;
  std::uint8_t unused[7];
  std::uint64_t path;   ///< id of a text
  std::uint64_t bias;   ///< address in memory minus address in the file's symbol table
  std::uint64_t begin;  ///< start of the mapped code, in memory
  std::uint64_t end;
  std::uint64_t unused_too[2];
};

inline constexpr std::size_t record_size = 56;

template <class R>
concept Record = std::is_trivially_copyable_v<R> && sizeof(R) == record_size;

static_assert(Record<Event> && Record<Text> && Record<Module>);

}  // namespace mprofpp::wire
