#pragma once

#include <cstdint>
#include <optional>

#include "mprofpp/analysis/minute_growth.hpp"
#include "mprofpp/analysis/slope.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/settings.hpp"

namespace mprofpp::analysis {

/// Statistics over all samples of the MEM line.
struct Statistics {
  std::uint64_t samples = 0;
  Duration duration{};             ///< from the first sample to the last
  std::optional<double> mean_mib;  ///< the mean over time
  /// The last sample. Unknown if the recording is shorter than the interval: its last sample repeats the
  /// first.
  std::optional<double> end_mib;
  /// MiB per second, of a straight line (least squares). Without a window the first and the last tenth of the
  /// time are left out.
  std::optional<double> per_second;
  /// MiB, from the mean of the first minute to that of the last; nothing for less than five minutes.
  std::optional<double> growth_mib;
};

/// Computes the statistics one sample at a time, in constant memory.
class StatisticsFold {
 public:
  explicit StatisticsFold(SlopeOf part) : line_(part) {}

  /// Reads META interval, the time that each sample stands for from there on. Files of mprof do not have it:
  /// in those all samples stand for the same time.
  void take(const model::Settings& settings);
  void take(const model::Sample& sample);
  void take(const model::Held& held);

  /// Returns the statistics. Call once, at the end.
  Statistics finish();

 private:
  void weigh_samples();
  bool is_too_short(const Statistics& statistics) const;

  Statistics statistics_;
  SlopeFit line_;
  MinuteGrowth growth_;
  std::optional<double> shortest_;  // the shortest interval, in seconds
  double interval_ = 1;             // seconds; any value will do while all are the same
  // the samples since the interval last changed
  double mib_ = 0;
  std::uint64_t unweighed_ = 0;
  // the samples before
  double mib_seconds_ = 0;
  double seconds_ = 0;
  std::optional<Instant> first_;
  Instant last_;
};

}  // namespace mprofpp::analysis
