#include "mprofpp/analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mprofpp::analysis {

void StatisticsFold::take(const model::Settings& settings) {
  if (!settings.interval || *settings.interval <= Duration::zero()) return;
  weigh_samples();
  interval_ = to_seconds(*settings.interval);
  shortest_ = std::min(shortest_.value_or(interval_), interval_);
}

void StatisticsFold::take(const model::Held& held) {
  if (!first_) first_ = held.first;
  last_ = held.last;
  statistics_.samples += held.ticks;
  if (!std::isfinite(held.mib)) return;
  statistics_.end_mib = held.mib;
  mib_ += held.mib * static_cast<double>(held.ticks);
  unweighed_ += held.ticks;
  const double first = to_seconds(held.first - *first_);
  const double last = to_seconds(held.last - *first_);
  line_.add_evenly(first, last, held.ticks, held.mib);
  growth_.add_evenly(first, last, held.ticks, held.mib);
}

void StatisticsFold::weigh_samples() {
  mib_seconds_ += std::exchange(mib_, 0) * interval_;
  seconds_ += static_cast<double>(std::exchange(unweighed_, 0)) * interval_;
}

bool StatisticsFold::is_too_short(const Statistics& statistics) const {
  return shortest_ && to_seconds(statistics.duration) < *shortest_;
}

void StatisticsFold::take(const model::Sample& sample) {
  if (!first_) first_ = sample.t;
  last_ = sample.t;
  ++statistics_.samples;
  if (!std::isfinite(sample.mib)) return;
  statistics_.end_mib = sample.mib;
  mib_ += sample.mib;
  ++unweighed_;
  const double seconds = to_seconds(sample.t - *first_);
  line_.add(seconds, sample.mib);
  growth_.add(seconds, sample.mib);
}

Statistics StatisticsFold::finish() {
  weigh_samples();
  auto statistics = statistics_;
  if (first_) statistics.duration = last_ - *first_;
  if (is_too_short(statistics)) {
    statistics.end_mib = std::nullopt;
    return statistics;
  }
  if (seconds_ > 0) statistics.mean_mib = mib_seconds_ / seconds_;
  if (const auto line = line_.line()) statistics.per_second = line->per_second;
  statistics.growth_mib = growth_.mib();
  return statistics;
}

}  // namespace mprofpp::analysis
