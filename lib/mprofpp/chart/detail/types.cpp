#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

using analysis::ObjectAmount;
using analysis::ObjectPoint;
using analysis::ProcessObjects;

constexpr double bytes_per_mib = 1048576;
constexpr std::size_t most_by_bytes = 3;
constexpr std::size_t most_classes = 3;

/// The objects of a type in all processes together.
struct TypeSum {
  std::string type;
  std::vector<ObjectPoint> points;  ///< each holds until the next one

  std::int64_t added_count() const {
    return static_cast<std::int64_t>(points.back().amount.count) -
           static_cast<std::int64_t>(points.front().amount.count);
  }
  std::int64_t added_bytes() const {
    return static_cast<std::int64_t>(points.back().amount.bytes) -
           static_cast<std::int64_t>(points.front().amount.bytes);
  }
};

/// A change of a type in one process.
struct Change {
  Instant t;
  std::size_t process = 0;
  ObjectAmount amount;
};

using Changes = std::map<std::string, std::vector<Change>, std::less<>>;

/// Returns the changes of all types until `end`. The objects of a process are gone when it has exited.
Changes changes_of(const std::vector<ProcessObjects>& all, Instant end) {
  Changes changes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& [type, curve] : all[i].types) {
      auto& own = changes[type];
      if (curve.points().front().t > all[i].first) own.push_back({all[i].first, i, {}});
      for (const auto& point : curve.points()) own.push_back({point.t, i, point.amount});
      if (all[i].exit) own.push_back({*all[i].exit, i, {}});
    }
  }
  for (auto& [type, own] : changes) {
    std::erase_if(own, [&](const Change& change) { return change.t > end; });
    std::stable_sort(own.begin(), own.end(),
                     [](const Change& a, const Change& b) { return a.t < b.t; });
  }
  std::erase_if(changes, [](const auto& type) { return type.second.empty(); });
  return changes;
}

/// Adds the processes up. What was before `begin` is one point at `begin`.
TypeSum sum_of(const std::string& type, const std::vector<Change>& changes, Instant begin) {
  TypeSum sum{type, {}};
  std::map<std::size_t, ObjectAmount> amounts;
  for (const auto& change : changes) {
    amounts[change.process] = change.amount;
    ObjectPoint point{std::max(change.t, begin), {}};
    for (const auto& [process, amount] : amounts) {
      point.amount.count += amount.count;
      point.amount.bytes += amount.bytes;
    }
    if (!sum.points.empty() && sum.points.back().t == point.t) sum.points.pop_back();
    sum.points.push_back(point);
  }
  return sum;
}

bool is_class(const TypeSum& sum) {
  return sum.type.find('.') != std::string::npos && !sum.type.starts_with("collections.");
}

/// Removes the types whose growth nobody would see next to that of the others: by bytes, and for classes of
/// the program also by the number of objects, as these may refer to much more.
void remove_small(std::vector<TypeSum>& all) {
  constexpr std::int64_t part = 100;
  std::int64_t most_bytes = 0, most_objects = 0;
  for (const auto& sum : all) {
    most_bytes = std::max(most_bytes, sum.added_bytes());
    if (is_class(sum)) most_objects = std::max(most_objects, sum.added_count());
  }
  std::erase_if(all, [&](const TypeSum& sum) {
    const bool is_telling = is_class(sum) && sum.added_count() > most_objects / part;
    return sum.added_bytes() <= 0 || (sum.added_bytes() < most_bytes / part && !is_telling);
  });
}

/// Returns the types that have grown most: by bytes, and of the program's own classes by number.
std::vector<TypeSum> most_grown(std::vector<TypeSum> all) {
  remove_small(all);
  std::stable_sort(all.begin(), all.end(), [](const TypeSum& a, const TypeSum& b) {
    return a.added_bytes() > b.added_bytes();
  });
  const auto rest = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most_by_bytes));
  const auto others = std::stable_partition(rest, all.end(), is_class);
  std::stable_sort(rest, others, [](const TypeSum& a, const TypeSum& b) {
    return a.added_count() > b.added_count();
  });
  all.erase(rest + std::min<std::ptrdiff_t>(others - rest, most_classes), all.end());
  return all;
}

std::string detail_of(const TypeSum& sum) {
  const double mib = static_cast<double>(sum.added_bytes()) / bytes_per_mib;
  const auto count = sum.added_count();
  const auto objects = count > 0 ? "+" + grouped_digits(static_cast<std::uint64_t>(count)) +
                                       (count == 1 ? " object · " : " objects · ")
                                 : std::string();
  return objects + growth_text(mib);
}

Strip strip_of(const TypeSum& sum, const Part& part, double end) {
  Strip strip{.name = one_line(sum.type), .detail = detail_of(sum), .hue = {Hue::Role::rest}};
  const auto& last = sum.points.back().amount;
  strip.tooltip = strip.name + " · " + strip.detail + " · " + grouped_digits(last.count) +
                  " objects at the end, " +
                  memory_text(static_cast<double>(last.bytes) / bytes_per_mib);
  for (const auto& point : sum.points) {
    strip.levels.push_back({to_seconds(point.t - part.history.grid.origin),
                            static_cast<double>(point.amount.bytes) / bytes_per_mib});
  }
  strip.levels.push_back({std::max(end, strip.levels.back().seconds), strip.levels.back().mib});
  return strip;
}

/// Returns the last census.
Instant last_census(const std::vector<ProcessObjects>& all) {
  return std::max_element(all.begin(), all.end(),
                          [](const auto& a, const auto& b) { return a.last < b.last; })
      ->last;
}

}  // namespace

void add_types(Figure& figure, const Part& part) {
  const auto& all = part.history.objects;
  if (all.empty() || !(figure.time.length() > 0)) return;
  const auto& grid = part.history.grid;
  const auto at = [&](double seconds) {
    return grid.origin + Duration(std::llround(seconds * 1e9));
  };
  const auto begin = at(figure.time.low);
  const auto end = std::min(at(figure.time.high), last_census(all));
  std::vector<TypeSum> sums;
  for (const auto& [type, changes] : changes_of(all, end)) {
    sums.push_back(sum_of(type, changes, begin));
  }
  for (const auto& sum : most_grown(std::move(sums))) {
    figure.strips.push_back(strip_of(sum, part, to_seconds(end - grid.origin)));
  }
}

}  // namespace mprofpp::chart
