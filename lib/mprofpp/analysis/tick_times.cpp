#include "mprofpp/analysis/tick_times.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mprofpp::analysis {
namespace {

constexpr double most_joined = 6;  ///< usual steps; a longer one is a gap

/// Moves the usual step towards the newest one, after `count` such steps. A single gap hardly changes it,
/// ten in a row do.
double moved_step(double usual, double step, double count = 1) {
  constexpr double weight = 1.0 / 64;
  const double moved = count == 1 ? weight : 1 - std::pow(1 - weight, count);
  // not std::lerp, which is much slower and is called for every sample
  return usual + moved * (std::min(step, usual / weight) - usual);
}

}  // namespace

bool TickTimes::is_gap_to(Instant t, double interval) {
  const double step = to_seconds(t - last_);
  const double usual = usual_step(interval);
  usual_step_ = moved_step(usual, step);
  return step > most_joined * usual;
}

void TickTimes::go_on_to(Instant t) {
  before_last_ = std::exchange(last_, t);
}

void TickTimes::go_on_to(const model::Held& held) {
  go_on_to(held.last);
  if (held.ticks < 2) return;
  const auto steps = static_cast<Duration::rep>(held.ticks - 1);
  before_last_ = held.last - (held.last - held.first) / steps;
  const auto count = static_cast<double>(steps);
  usual_step_ = moved_step(usual_step_, to_seconds(held.last - held.first) / count, count);
}

double TickTimes::usual_step(double interval) const {
  return std::max(interval, usual_step_);
}

bool TickTimes::is_gap(Instant from, Instant to) const {
  const double usual = usual_step(to_seconds(last_ - before_last_));
  return to_seconds(to - from) > most_joined * usual;
}

}  // namespace mprofpp::analysis
