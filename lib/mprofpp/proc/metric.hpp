#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "mprofpp/base/bytes.hpp"

namespace mprofpp::proc {

/// Which memory of a process is meant.
enum class Metric {
  rss,   ///< resident: every page that is in RAM, shared ones in full
  pss,   ///< proportional: a page shared by n processes counts 1/n in each, so that sums are true
  uss,   ///< unique: what would come back if the process ended
  swap,  ///< anonymous pages that are swapped out
  vms,   ///< virtual: the address space, whether anything is behind it or not
  anon,  ///< the part of rss that no file backs: heap, stack, data that was written to
  file,  ///< the part of rss that a file backs: code, mapped files, shared memory. anon + file = rss
};

constexpr std::array<std::string_view, 7> metric_names = {"rss", "pss",  "uss", "swap",
                                                          "vms", "anon", "file"};

constexpr std::string_view name_of(Metric metric) {
  return metric_names[static_cast<std::size_t>(metric)];
}

constexpr std::optional<Metric> metric_of(std::string_view name) {
  for (std::size_t i = 0; i < metric_names.size(); ++i) {
    if (metric_names[i] == name) return static_cast<Metric>(i);
  }
  return std::nullopt;
}

/// The file of /proc that tells of a metric. One reading of it tells all metrics that it knows.
enum class Source {
  status,  ///< counters that the kernel keeps: some microseconds, whatever the size
  rollup,  ///< smaps_rollup, for which the kernel walks all pages: 40 µs to many milliseconds
};

constexpr Source source_of(Metric metric) {
  return metric == Metric::pss || metric == Metric::uss ? Source::rollup : Source::status;
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
  std::array<Bytes, metric_names.size()> amounts_;
};

}  // namespace mprofpp::proc
