#include "mprofpp/leak/type_evidence.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {
namespace {

using analysis::ObjectAmount;
using analysis::ObjectCurve;
using analysis::ObjectPoint;
using analysis::ProcessObjects;

constexpr double bytes_per_mib = 1048576;
constexpr double seconds_per_hour = 3600;
constexpr std::size_t most_floors = 12;
constexpr std::uint64_t fewest_censuses = 6;

/// The least numbers of a type in stretches of equal time.
struct TypeFloors {
  std::vector<double> seconds;  ///< the middles of the stretches
  std::vector<double> counts;
  std::vector<double> bytes;
};

/// The time in which a leak and the censuses of a process overlap, in seconds since the epoch.
struct Overlap {
  double from = 0;
  double to = 0;
  std::size_t floors = 0;
};

Overlap overlap_of(const ProcessObjects& censuses, const LeakPlace& leak) {
  const double first = to_seconds(censuses.first);
  const double last = to_seconds(censuses.last);
  Overlap overlap{std::max(first, leak.from), std::min(last, leak.to)};
  if (censuses.censuses < 2 || !(overlap.to > overlap.from)) return overlap;
  const double gap = (last - first) / static_cast<double>(censuses.censuses - 1);
  const auto within = static_cast<std::size_t>((overlap.to - overlap.from) / gap + 1.5);
  overlap.floors = within < fewest_censuses ? 0 : std::min(most_floors, within);
  return overlap;
}

/// Returns the numbers that held at a time; none before the first point.
ObjectAmount held_at(const std::vector<ObjectPoint>& points, double seconds) {
  const auto next = std::upper_bound(
      points.begin(), points.end(), seconds,
      [](double time, const ObjectPoint& point) { return time < to_seconds(point.t); });
  return next == points.begin() ? ObjectAmount{} : std::prev(next)->amount;
}

TypeFloors floors_of(const std::vector<ObjectPoint>& points, const Overlap& time) {
  TypeFloors floors;
  const double width = (time.to - time.from) / static_cast<double>(time.floors);
  auto point = points.begin();
  for (std::size_t i = 0; i < time.floors; ++i) {
    const double begin = time.from + static_cast<double>(i) * width;
    auto least = held_at(points, begin);
    while (point != points.end() && to_seconds(point->t) < begin) ++point;
    for (; point != points.end() && to_seconds(point->t) < begin + width; ++point) {
      least.count = std::min(least.count, point->amount.count);
      least.bytes = std::min(least.bytes, point->amount.bytes);
    }
    floors.seconds.push_back(begin + width / 2);
    floors.counts.push_back(static_cast<double>(least.count));
    floors.bytes.push_back(static_cast<double>(least.bytes));
  }
  return floors;
}

/// Returns the slope per second of floors that rise for certain; nothing if they do not.
std::optional<double> rise_of(const std::vector<double>& seconds,
                              const std::vector<double>& values) {
  constexpr double certain = 1.96;
  const auto trend = kendall(values);
  if (!(trend.z >= certain)) return std::nullopt;
  const auto slope = sen_slope(seconds, values, trend.variance);
  return slope.low > 0 ? std::optional(slope.middle) : std::nullopt;
}

bool is_own_class(const Finding& finding) {
  const auto dot = finding.where.find('.');
  return dot != std::string::npos && !finding.where.starts_with("collections.");
}

/// Returns the findings with the most bytes, and then the classes with the most objects.
std::vector<Finding> telling_ones(std::vector<Finding> all) {
  constexpr std::size_t most_by_bytes = 3;
  constexpr std::size_t most_classes = 3;
  const auto by_bytes = [](const Finding& a, const Finding& b) { return a.mib > b.mib; };
  const auto by_count = [](const Finding& a, const Finding& b) { return a.count > b.count; };
  std::sort(all.begin(), all.end(), by_bytes);
  const auto rest = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most_by_bytes));
  const auto others = std::stable_partition(rest, all.end(), is_own_class);
  std::stable_sort(rest, others, by_count);
  const auto end = rest + std::min<std::ptrdiff_t>(others - rest, most_classes);
  all.erase(end, all.end());
  return all;
}

}  // namespace

std::optional<Finding> growth_of_type(const std::string& type, const ObjectCurve& curve,
                                      const ProcessObjects& censuses, const LeakPlace& leak) {
  const auto time = overlap_of(censuses, leak);
  if (time.floors == 0) return std::nullopt;
  const auto& points = curve.points();
  const auto floors = floors_of(points, time);
  const auto count_rise = rise_of(floors.seconds, floors.counts);
  const auto bytes_rise = rise_of(floors.seconds, floors.bytes);
  if (!count_rise && !bytes_rise) return std::nullopt;

  const auto before = held_at(points, to_seconds(censuses.first));
  const auto& after = points.back().amount;
  if (after.bytes <= before.bytes) return std::nullopt;
  Finding finding{.kind = "type",
                  .where = type,
                  .mib = static_cast<double>(after.bytes - before.bytes) / bytes_per_mib,
                  .count = after.count > before.count ? after.count - before.count : 0};
  finding.rate =
      FindingRate{.mib_per_hour = bytes_rise.value_or(0) * seconds_per_hour / bytes_per_mib,
                  .count_per_hour = count_rise.value_or(0) * seconds_per_hour};
  if (leak.calls) {
    const double per_call = (leak.to - leak.from) / static_cast<double>(*leak.calls);
    finding.rate->mib_per_call = bytes_rise.value_or(0) / bytes_per_mib * per_call;
    finding.rate->count_per_call = count_rise.value_or(0) * per_call;
  }
  return finding;
}

std::vector<Finding> TypeEvidence::findings(const LeakPlace& leak) const {
  std::vector<Finding> found;
  for (const auto& censuses : fold_.curves()) {
    if (leak.pid && censuses.process.pid != *leak.pid) continue;
    for (const auto& [type, curve] : censuses.types) {
      auto finding = growth_of_type(type, curve, censuses, leak);
      if (finding) found.push_back(std::move(*finding));
    }
  }
  return telling_ones(std::move(found));
}

}  // namespace mprofpp::leak
