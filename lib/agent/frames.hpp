#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::agent {

/// A call that has begun and not ended.
struct Frame {
  std::uint64_t call;
  std::uint64_t what;  ///< as in wire::Event
  std::uint8_t flags;  ///< those of its begin that say what `what` is
  bool is_told;        ///< there was room for its begin: its end is to be told as well
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
  bool push(Frame frame);
  /// Only if not empty.
  void pop() { --depth_; }

  bool empty() const { return depth_ == 0; }
  /// Whether the innermost is one that was kept.
  bool is_known() const { return depth_ > 0 && depth_ <= capacity(); }
  /// Only if is_known().
  const Frame& innermost() const { return at(depth_ - 1); }
  Frame& innermost() { return at(depth_ - 1); }
  Frame& at(std::size_t i) { return i < few ? first_[i] : rest_[i - few]; }
  const Frame& at(std::size_t i) const { return i < few ? first_[i] : rest_[i - few]; }
  /// How many are kept of depth().
  std::size_t kept() const { return depth_ < capacity() ? depth_ : capacity(); }
  std::size_t depth() const { return depth_; }

  void release();

 private:
  static constexpr std::size_t few = 32;
  static constexpr std::size_t many =
      65536;  // 1.5 MiB of address space, of memory what is used of it

  std::size_t capacity() const { return rest_ == nullptr ? few : few + many; }

  Frame first_[few] = {};
  Frame* rest_ = nullptr;
  std::size_t depth_ = 0;
};

}  // namespace mprofpp::agent
