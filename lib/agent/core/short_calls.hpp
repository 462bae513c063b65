#pragma once

#include <cstddef>
#include <cstdint>

#include "core/frames.hpp"
#include "mprofpp/wire/tally.hpp"

namespace mprofpp::agent {

/// The calls of a thread that are not reported one by one. Pending calls are reported when they
/// last, or when a call within them is reported; the short ones among them are only summed. What
/// the recorder would gather into one line per second is gathered here, where it needs no record.
class ShortCalls {
 public:
  constexpr ShortCalls() = default;

  bool is_on() const { return tally_ != nullptr; }
  /// Starts to sum calls that are shorter than `shortest` nanoseconds.
  void begin(wire::Tally& tally, std::uint64_t shortest);
  /// Stops summing and returns the tally. Requires that no call is pending.
  wire::Tally* end();

  bool has_room() const { return depth_ < wire::most_pending; }
  /// Returns the number of pending calls.
  std::size_t pending() const { return depth_; }
  /// Adds a pending call that has just started. Its frame is the innermost one, at index `frame`.
  void push(const Frame& call, const Moment& in, std::size_t frame);
  /// Returns the index of the outermost pending call's frame. All frames after it are pending too.
  std::size_t first_frame() const { return first_frame_; }
  /// Returns the moment at which pending call `i` started.
  Moment begin_of(std::size_t i) const;
  void forget_pending();

  /// Counts a call of the function that ended at that time and was reported.
  void count(std::uint64_t what, std::uint64_t time) { is_busy(what, time); }
  /// Counts the innermost pending call, which ended at `out`. Returns true if it need not be
  /// reported: then it is part of the sums and no longer pending.
  bool absorb(const Frame& call, const Moment& out);

 private:
  void pop();
  bool is_busy(std::uint64_t what, std::uint64_t time);
  wire::CallSum* sum_of(const Frame& call);
  void begin_counting(const wire::CallSum& sum, std::uint64_t call);

  wire::Tally* tally_ = nullptr;
  std::uint64_t shortest_ = 0;
  std::size_t depth_ = 0;
  std::size_t first_frame_ = 0;
};

}  // namespace mprofpp::agent
