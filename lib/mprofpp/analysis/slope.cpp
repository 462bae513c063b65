#include "mprofpp/analysis/slope.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_states = 64;
constexpr std::uint64_t fewest_samples = 10;  // of fewer, a tenth is not even one
constexpr double left_out = 0.1;              // of the time, at either end

}  // namespace

/// Uses the sums of the first n numbers and of their squares.
void LeastSquares::add_evenly(double first, double last, std::uint64_t count, double mib) {
  if (!std::isfinite(mib) || count == 0) return;
  if (count_ == 0) {
    first_seconds_ = first;
    first_mib_ = mib;
  }
  const auto n = static_cast<double>(count);
  const double step = count > 1 ? (last - first) / (n - 1) : 0;
  const double mean = (first + last) / 2 - first_seconds_;
  const double y = mib - first_mib_;
  count_ += count;
  seconds_ += n * mean;
  mib_ += n * y;
  squares_ += n * mean * mean + step * step * n * (n * n - 1) / 12;
  products_ += n * mean * y;
}

std::optional<Line> LeastSquares::line() const {
  const auto n = static_cast<double>(count_);
  const double spread = squares_ - seconds_ * seconds_ / std::max(n, 1.0);
  if (count_ < 2 || !(spread > 0)) return std::nullopt;
  Line line;
  line.per_second = (products_ - seconds_ * mib_ / n) / spread;
  const double mean_seconds = first_seconds_ + seconds_ / n;
  line.at_zero = first_mib_ + mib_ / n - line.per_second * mean_seconds;
  return line;
}

LeastSquares LeastSquares::since(const LeastSquares& earlier) const {
  if (earlier.count_ == 0) return *this;
  auto rest = *this;
  rest.count_ -= earlier.count_;
  rest.seconds_ -= earlier.seconds_;
  rest.mib_ -= earlier.mib_;
  rest.squares_ -= earlier.squares_;
  rest.products_ -= earlier.products_;
  return rest;
}

/// Keeps the state after every step_-th sample. When there are too many, keeps every other one.
void SlopeFit::keep(double seconds) {
  if (part_ == SlopeOf::all) return;
  states_.push_back({seconds, fit_});
  if (states_.size() == most_states) {
    for (std::size_t i = 1; i < most_states; i += 2) states_[i / 2] = states_[i];
    states_.resize(most_states / 2);
    step_ *= 2;
  }
  next_ += step_;
}

/// Adds the samples up to each state that is to be kept at once.
void SlopeFit::add_evenly(double first, double last, std::uint64_t count, double mib) {
  if (!std::isfinite(mib) || count == 0) return;
  const double step = count > 1 ? (last - first) / static_cast<double>(count - 1) : 0;
  const auto time_of = [&](std::uint64_t i) { return first + step * static_cast<double>(i); };
  go_on_to(first);
  go_on_to(last);
  for (std::uint64_t added = 0; added < count;) {
    const auto until_next = next_ > fit_.count() ? next_ - fit_.count() : count;
    const auto part = std::min(count - added, until_next);
    fit_.add_evenly(time_of(added), time_of(added + part - 1), part, mib);
    added += part;
    if (fit_.count() == next_) keep(time_of(added - 1));
  }
}

std::optional<Line> SlopeFit::line_of_middle() const {
  if (fit_.count() < fewest_samples) return std::nullopt;
  const double begin = first_ + left_out * (last_ - first_);
  const double end = last_ - left_out * (last_ - first_);
  const State* before = nullptr;
  const State* middle = nullptr;
  for (const auto& state : states_) {
    if (state.seconds < begin) before = &state;
    if (state.seconds <= end) middle = &state;
  }
  if (middle == nullptr || middle == before) return std::nullopt;
  auto line = middle->fit.since(before == nullptr ? LeastSquares() : before->fit).line();
  if (!line) return std::nullopt;
  line->first = begin;
  line->last = end;
  return line;
}

std::optional<Line> SlopeFit::line() const {
  if (part_ == SlopeOf::middle) {
    if (auto line = line_of_middle()) return line;
  }
  auto line = fit_.line();
  if (!line) return std::nullopt;
  line->first = first_;
  line->last = last_;
  return line;
}

}  // namespace mprofpp::analysis
