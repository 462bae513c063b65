#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/record.hpp"

namespace mprofpp::agent {

/// The time of a mark and the memory at that time.
struct Moment {
  std::uint64_t time;  ///< nanoseconds of CLOCK_MONOTONIC
  std::uint64_t rss;   ///< as in wire::Event
  std::uint8_t flags;  ///< wire::reused or 0
};

/// The row of calls, within a thread, to which a call belongs.
struct Lane {
  wire::LaneKind kind = wire::LaneKind::thread;
  std::uint64_t number = 0;
};

/// How the recorder learns about the start of a call.
enum class Start : std::uint8_t {
  dropped,  ///< not at all, because there was no room in the ring
  pending,  ///< it finds the call among the pending ones of ShortCalls
  written,  ///< the start has been written to the ring
};

/// A call that has started and not ended.
struct Frame {
  static constexpr std::uint16_t no_level = 0xffff;

  std::uint64_t call;
  std::uint64_t what;  ///< as in wire::Event
  /// Identifies the only code that will end the call; 0 if any code that knows `what` may end it.
  std::uint64_t owner = 0;
  /// Identifies the call's stack among those that take turns in a thread (greenlets).
  std::uint64_t stack = 0;
  /// Nanoseconds that the call had run when it was last suspended.
  std::uint64_t active = 0;
  /// When the call started or was last resumed; 0 if it cannot be suspended.
  std::uint64_t resumed = 0;
  /// The memory at that time; known only if the call can be suspended.
  std::uint64_t rss = wire::unknown_rss;
  /// Bytes by which the process had grown when the call was last suspended, as in wire::Event.
  std::uint64_t grown = 0;
  /// The call within which this one started; set only if `spans_others`.
  std::uint64_t outer = 0;
  Lane lane = {};
  std::uint32_t thread = 0;  ///< the thread in which it started
  std::uint8_t flags = 0;    ///< the flags of its start that define the meaning of `what`
  Start start = Start::dropped;
  /// The nesting level in the lane of a plain thread; not known here for other lanes.
  std::uint16_t level = no_level;
  /// The user does not want to see the call, so it takes up no level.
  bool is_muted = false;
  /// The call, or one that encloses it, may still turn out to be muted.
  bool is_doubtful = false;
  /// The call stays open while its task is suspended and other tasks run.
  bool spans_others = false;
};

/// The open calls of a thread, the innermost last. The first few are stored in the object itself,
/// more need extra memory; if a recursion is too deep even for that, only its depth is counted.
class Frames {
 public:
  constexpr Frames() = default;

  bool has_room() const { return depth_ < capacity(); }
  /// Maps memory for more frames, with a system call. Has no effect if there is no memory, or if
  /// this was done before.
  void make_room();
  /// Adds a frame. Returns false if the recursion is too deep to store it; it is counted anyway.
  bool push(const Frame& frame);
  /// Requires that there is a frame.
  void pop() { --depth_; }
  /// Removes one of the stored frames. Requires is_known(), so that no other frame is only counted.
  void remove(std::size_t i);
  /// Forgets the frames that are only counted, so that the innermost one is a stored one again.
  void forget_unstored() { depth_ = kept(); }

  bool empty() const { return depth_ == 0; }
  /// Returns true if the innermost frame is a stored one.
  bool is_known() const { return depth_ > 0 && depth_ <= capacity(); }
  Frame& at(std::size_t i) { return i < few ? first_[i] : rest_[i - few]; }
  const Frame& at(std::size_t i) const { return i < few ? first_[i] : rest_[i - few]; }
  /// Requires is_known().
  Frame& innermost() { return at(depth_ - 1); }
  const Frame& innermost() const { return at(depth_ - 1); }
  /// Returns how many of depth() frames are stored.
  std::size_t kept() const { return depth_ < capacity() ? depth_ : capacity(); }
  std::size_t depth() const { return depth_; }

  void release();

 private:
  static constexpr std::size_t few = 32;
  // This reserves 6 MiB of address space; only the pages that are used take memory.
  static constexpr std::size_t many = 65536;

  std::size_t capacity() const { return rest_ == nullptr ? few : few + many; }

  Frame first_[few] = {};
  Frame* rest_ = nullptr;
  std::size_t depth_ = 0;
};

}  // namespace mprofpp::agent
