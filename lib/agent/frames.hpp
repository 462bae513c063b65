#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/record.hpp"

namespace mprofpp::agent {

/// The row that a call belongs to, within its thread.
struct Lane {
  wire::LaneKind kind = wire::LaneKind::thread;
  std::uint64_t number = 0;
};

/// What the recorder knows of a call's begin.
enum class Begin : std::uint8_t {
  dropped,  ///< nothing: there was no room in the ring
  pending,  ///< that it is among ShortCalls
  told,
};

/// A call that has begun and not ended.
struct Frame {
  static constexpr std::uint16_t no_level = 0xffff;

  std::uint64_t call;
  std::uint64_t what;         ///< as in wire::Event
  std::uint64_t owner = 0;    ///< who will end it and nobody else; 0: whoever knows `what`
  std::uint64_t stack = 0;    ///< of several that take turns in a thread (greenlets), its own
  std::uint64_t active = 0;   ///< nanoseconds until it was suspended the last time
  std::uint64_t resumed = 0;  ///< when it went on after that; 0: it cannot be suspended
  std::uint64_t outer = 0;    ///< the call it was begun in, if it spans others
  Lane lane = {};
  std::uint32_t thread = 0;  ///< that it was begun in
  std::uint8_t flags = 0;    ///< those of its begin that say what `what` is
  Begin begin = Begin::dropped;
  std::uint16_t level = no_level;  ///< in the lane of a plain thread; else not known here
  bool is_muted = false;           ///< nobody wants to see it: it is in no level
  bool is_doubtful = false;        ///< that may turn out of it, or of one that it is within
  bool spans_others = false;       ///< it goes on while its task is suspended and others run
};

/// The open calls of a thread, the innermost last. The first few need no memory of their own; of a
/// recursion too deep for the rest only the depth is kept.
class Frames {
 public:
  constexpr Frames() = default;

  bool has_room() const { return depth_ < capacity(); }
  /// With a system call; in vain when there is no memory, or when there is more room already.
  void make_room();
  /// False when it is too deep to be kept; it counts all the same.
  bool push(const Frame& frame);
  /// Only if not empty.
  void pop() { --depth_; }
  /// Of those that are kept, and only if is_known().
  void remove(std::size_t i);

  bool empty() const { return depth_ == 0; }
  /// Whether the innermost is one that was kept.
  bool is_known() const { return depth_ > 0 && depth_ <= capacity(); }
  Frame& at(std::size_t i) { return i < few ? first_[i] : rest_[i - few]; }
  const Frame& at(std::size_t i) const { return i < few ? first_[i] : rest_[i - few]; }
  /// Only if is_known().
  Frame& innermost() { return at(depth_ - 1); }
  const Frame& innermost() const { return at(depth_ - 1); }
  /// How many are kept of depth().
  std::size_t kept() const { return depth_ < capacity() ? depth_ : capacity(); }
  std::size_t depth() const { return depth_; }

  void release();

 private:
  static constexpr std::size_t few = 32;
  static constexpr std::size_t many = 65536;  // 6 MiB of addresses, of memory what is used of it

  std::size_t capacity() const { return rest_ == nullptr ? few : few + many; }

  Frame first_[few] = {};
  Frame* rest_ = nullptr;
  std::size_t depth_ = 0;
};

}  // namespace mprofpp::agent
