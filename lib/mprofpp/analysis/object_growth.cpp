#include "mprofpp/analysis/object_growth.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace mprofpp::analysis {
namespace {

/// Sorts types that have grown by their growth, and then the others by their size.
bool comes_first(const TypeGrowth& left, const TypeGrowth& right) {
  const auto key = [](const TypeGrowth& type) {
    return std::tuple(-std::max<std::int64_t>(type.added_bytes(), 0),
                      -std::max<std::int64_t>(type.added_count(), 0), ~type.after.bytes,
                      ~type.after.count, std::string_view(type.type));
  };
  return key(left) < key(right);
}

}  // namespace

void ObjectGrowthFold::take(const model::ObjectCount& objects) {
  if (objects.t > window_.end) return;
  auto& known = objects_[processes_.number_of(objects.pid)];
  if (objects.type.empty()) begin_census(known, objects.t);
  if (!known.first) return;  // damaged: its census has no line
  const ObjectAmount amount{objects.count, objects.bytes};
  auto& growth = objects.type.empty() ? known.all : known.types[objects.type];
  growth.after = amount;
  if (objects.t <= baseline(known)) growth.before = amount;
}

/// Returns the time until which values are those at the start.
Instant ObjectGrowthFold::baseline(const Objects& objects) const {
  return std::max(*objects.first, window_.begin);
}

void ObjectGrowthFold::begin_census(Objects& objects, Instant t) const {
  if (!objects.first) objects.first = t;
  if (t <= baseline(objects)) {
    objects.from = t;
    objects.censuses = 0;
  }
  objects.to = t;
  ++objects.censuses;
}

std::vector<ProcessGrowth> ObjectGrowthFold::growth() const {
  std::vector<ProcessGrowth> all;
  for (const auto& [number, objects] : objects_) {
    const bool has_ended = objects.to < window_.begin;
    if (!objects.first || has_ended) continue;
    ProcessGrowth growth{processes_.at(number), objects.from, objects.to, objects.censuses,
                         objects.all};
    for (const auto& [type, numbers] : objects.types) {
      growth.types.push_back(numbers);
      growth.types.back().type = type;
    }
    std::sort(growth.types.begin(), growth.types.end(), comes_first);
    all.push_back(std::move(growth));
  }
  return all;
}

}  // namespace mprofpp::analysis
