#pragma once

#include <cstddef>
#include <cstdint>

#include "frames.hpp"
#include "moment.hpp"
#include "mprofpp/wire/tally.hpp"

namespace mprofpp::agent {

/// The calls of a thread that are not told one by one: pending ones, which are told when they last
/// or when one within them is told, and the sums of those that were short. What the recorder would
/// gather into one line a second is gathered here, where it costs no record.
class ShortCalls {
 public:
  constexpr ShortCalls() = default;

  bool is_on() const { return tally_ != nullptr; }
  /// From now on; calls shorter than `shortest` nanoseconds are summed.
  void begin(wire::Tally& tally, std::uint64_t shortest);
  /// Only without pending calls. Answers the tally.
  wire::Tally* end();

  bool has_room() const { return depth_ < wire::most_pending; }
  std::size_t pending() const { return depth_; }
  /// The innermost frame, at place `frame`, has just begun.
  void push(const Frame& call, const Moment& in, std::size_t frame);
  /// The frame of the outermost pending call; those behind it are all pending.
  std::size_t first_frame() const { return first_frame_; }
  Moment begin_of(std::size_t i) const;
  void forget_pending();

  /// Counts a call of the function that has ended, at that time.
  void count(std::uint64_t what, std::uint64_t time) { is_busy(what, time); }
  /// The same of the innermost pending call. True when it needs not be told: it has gone into the
  /// sums and is pending no longer.
  bool take(const Frame& call, const Moment& out);

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
