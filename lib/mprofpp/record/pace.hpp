#pragma once

#include <optional>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// How long it is from one tick to the next. Where the recording's size is limited, every multiple
/// of the limit that the file passes makes the interval ten times longer: a recording that is left
/// alone for months grows ever more slowly, and never ends by itself.
class Pace {
 public:
  explicit Pace(Duration interval, std::optional<Bytes> limit = std::nullopt)
      : interval_(interval), limit_(limit), next_(limit.value_or(Bytes{})) {}

  Duration interval() const { return interval_; }

  /// The recording has that size now. Answers whether the interval has become longer for it.
  bool slow_down(Bytes size);

 private:
  Duration interval_;
  std::optional<Bytes> limit_;
  Bytes next_;  ///< the multiple of the limit that was not passed yet
};

}  // namespace mprofpp::record
