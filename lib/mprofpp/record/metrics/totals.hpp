#pragma once

#include <algorithm>
#include <cstdint>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// The figures of the MEM line so far, for the summary.
class Totals {
 public:
  /// Adds a sample. `stands_for` is the current time between samples and is the weight of the sample in
  /// the mean, so that the mean does not depend on the pace.
  void add(Bytes value, Instant t, Duration stands_for) {
    ++samples_;
    last_ = value;
    sum_mib_seconds_ += value.mebibytes() * to_seconds(stands_for);
    seconds_ += to_seconds(stands_for);
    if (samples_ == 1 || value > peak_) {
      peak_ = value;
      peak_at_ = t;
    }
  }

  std::uint64_t samples() const { return samples_; }
  Bytes peak() const { return peak_; }
  Instant peak_at() const { return peak_at_; }
  Bytes last() const { return last_; }
  Bytes mean() const {
    return samples_ == 0 ? Bytes{} : Bytes::from_mebibytes(sum_mib_seconds_ / seconds_);
  }

 private:
  std::uint64_t samples_ = 0;
  double sum_mib_seconds_ = 0;
  double seconds_ = 0;
  Bytes peak_;
  Instant peak_at_;
  Bytes last_;
};

}  // namespace mprofpp::record
