#include "mprofpp/model/record.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::model {
namespace {

/// Returns how many steps of `step` nanoseconds lead from `from` to `to` or beyond.
std::uint64_t steps_between(Instant from, Instant to, double step) {
  constexpr double rounding =
      500;  // ns: files have microseconds, and a reading at `to` itself is reached
  if (to <= from) return 0;
  return static_cast<std::uint64_t>(
      std::ceil(std::max(static_cast<double>((to - from).count()) - rounding, 0.0) / step));
}

}  // namespace

std::optional<Held> Held::within(Instant begin, Instant end) const {
  if (last < begin || first > end) return std::nullopt;
  if (first >= begin && last <= end) return *this;
  if (ticks < 2) return std::nullopt;
  const double step = static_cast<double>((last - first).count()) / static_cast<double>(ticks - 1);
  const auto before = steps_between(first, begin, step);
  const auto after = steps_between(end, last, step);
  if (before + after >= ticks) return std::nullopt;
  const auto length = [&](std::uint64_t steps) {
    return Duration(std::llround(static_cast<double>(steps) * step));
  };
  Held part = *this;
  part.first = first + length(before);
  part.last = last - length(after);
  part.ticks = ticks - before - after;
  return part;
}

}  // namespace mprofpp::model
