#pragma once

#include <optional>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Determines the time from one tick to the next. If the recording's size is limited, the interval becomes
/// ten times longer each time the file passes a multiple of the limit. A recording that runs for months
/// grows more and more slowly, but never stops by itself.
class Pace {
 public:
  explicit Pace(Duration interval, std::optional<Bytes> limit = std::nullopt)
      : interval_(interval), limit_(limit), next_(limit.value_or(Bytes{})) {}

  Duration interval() const { return interval_; }

  /// Takes the recording's current size. Returns true if it has made the interval longer.
  bool slow_down(Bytes size);

 private:
  Duration interval_;
  std::optional<Bytes> limit_;
  Bytes next_;  ///< the next multiple of the limit
};

}  // namespace mprofpp::record
