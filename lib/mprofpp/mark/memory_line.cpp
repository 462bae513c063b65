#include "mprofpp/mark/memory_line.hpp"

#include <algorithm>
#include <iterator>

namespace mprofpp::mark {
namespace {

/// How long samples are kept: marks are rarely older when they are read.
constexpr Duration kept = std::chrono::seconds(1);

}  // namespace

void MemoryLine::add(Instant t, double mib, pid_t alone) {
  points_.push_back({t, mib, alone});
  // interpolation needs one point before that time
  while (points_.size() > 2 && points_[1].t < t - kept) points_.pop_front();
}

double MemoryLine::at(Instant t, pid_t pid, const std::optional<double>& rss) const {
  if (points_.empty()) return rss.value_or(0);
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), t,
                       [](Instant time, const Point& point) { return time < point.t; });
  const auto& right = after == points_.end() ? points_.back() : *after;
  const auto& left = after == points_.begin() ? right : *std::prev(after);
  if (rss && left.alone == pid && right.alone == pid) return *rss;
  if (right.t <= left.t) return left.mib;
  return left.mib +
         (right.mib - left.mib) * (to_seconds(t - left.t) / to_seconds(right.t - left.t));
}

}  // namespace mprofpp::mark
