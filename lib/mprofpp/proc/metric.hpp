#pragma once

#include <array>
#include <cstddef>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/model/metric.hpp"

namespace mprofpp::proc {

using model::Metric;

/// The file in /proc that contains a metric. One reading of it gives all the metrics in it.
enum class MetricSource {
  status,  ///< counters that the kernel maintains: some microseconds, whatever the size
  rollup,  ///< smaps_rollup, for which the kernel walks all pages: 40 µs to many milliseconds
};

constexpr MetricSource source_of(Metric metric) {
  return metric == Metric::pss || metric == Metric::uss ? MetricSource::rollup
                                                        : MetricSource::status;
}

/// An amount of memory for each metric.
class Amounts {
 public:
  constexpr Bytes& operator[](Metric metric) { return amounts_[static_cast<std::size_t>(metric)]; }
  constexpr Bytes operator[](Metric metric) const {
    return amounts_[static_cast<std::size_t>(metric)];
  }

  constexpr Amounts& operator+=(const Amounts& other) {
    for (std::size_t i = 0; i < amounts_.size(); ++i) amounts_[i] += other.amounts_[i];
    return *this;
  }
  friend bool operator==(const Amounts&, const Amounts&) = default;

 private:
  std::array<Bytes, model::metric_names.size()> amounts_;
};

}  // namespace mprofpp::proc
