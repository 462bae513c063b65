#include "mprofpp/inspect/type_growth.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace mprofpp::inspect {
namespace {

/// Returns what identifies a type in two censuses: a type that is gone may have left its address to another.
std::string key_of(const TypeCount& type) {
  return type.address + ' ' + type.name;
}

std::string key_of(const Container& container) {
  return container.address + ' ' + container.kind;
}

TypeGrowth growth_of(const TypeCount& now, const TypeCount& before) {
  return {now, growth_between(before.count, now.count), growth_between(before.bytes, now.bytes)};
}

bool is_complete(const Census& census) {
  return census.other_types.types == 0;
}

std::int64_t positive(const std::optional<std::int64_t>& growth) {
  return std::max<std::int64_t>(growth.value_or(0), 0);
}

/// Returns the length that a container had at most if it was not in the list; nothing if there is no list.
std::optional<std::uint64_t> shortest_of(const Census* census) {
  if (census == nullptr || census->containers.empty()) return std::nullopt;
  if (census->containers.size() < longest_containers) return 0;  // all were listed
  std::uint64_t shortest = census->containers.front().length;
  for (const auto& container : census->containers) shortest = std::min(shortest, container.length);
  return shortest;
}

void sort(std::vector<TypeGrowth>& types) {
  const auto key = [](const TypeGrowth& type) {
    return std::tuple(-positive(type.bytes), -positive(type.count), ~type.now.bytes,
                      ~type.now.count, std::string_view(type.now.name));
  };
  std::sort(types.begin(), types.end(),
            [&](const TypeGrowth& a, const TypeGrowth& b) { return key(a) < key(b); });
}

std::vector<TypeGrowth> without_growth(const Census& now) {
  std::vector<TypeGrowth> types;
  for (const auto& type : now.types) types.push_back({type, {}, {}});
  return types;
}

std::vector<TypeGrowth> with_growth(const Census& now, const Census& before) {
  std::unordered_map<std::string, const TypeCount*> earlier;
  for (const auto& type : before.types) earlier.emplace(key_of(type), &type);
  std::vector<TypeGrowth> types;
  for (const auto& type : now.types) {
    const auto found = earlier.find(key_of(type));
    if (found != earlier.end()) {
      types.push_back(growth_of(type, *found->second));
      earlier.erase(found);
    } else {
      types.push_back(is_complete(before) ? growth_of(type, {}) : TypeGrowth{type, {}, {}});
    }
  }
  if (!is_complete(now)) return types;
  for (const auto& [key, type] : earlier)
    types.push_back(growth_of({.name = type->name, .address = type->address}, *type));
  return types;
}

}  // namespace

std::int64_t growth_between(std::uint64_t before, std::uint64_t now) {
  return static_cast<std::int64_t>(now - before);
}

std::vector<TypeGrowth> type_growths(const Census& now, const Census* before) {
  auto types = before == nullptr ? without_growth(now) : with_growth(now, *before);
  sort(types);
  return types;
}

std::int64_t ContainerGrowth::growth() const {
  const auto before = length_before ? length_before : most_before;
  return before ? growth_between(*before, now.length) : 0;
}

std::vector<ContainerGrowth> container_growths(const Census& now, const Census* before) {
  std::unordered_map<std::string, std::uint64_t> lengths;
  if (before != nullptr) {
    for (const auto& container : before->containers)
      lengths.emplace(key_of(container), container.length);
  }
  const auto shortest = shortest_of(before);
  std::vector<ContainerGrowth> containers;
  for (const auto& container : now.containers) {
    const auto found = lengths.find(key_of(container));
    if (found != lengths.end())
      containers.push_back({container, found->second});
    else
      containers.push_back({container, {}, shortest});
  }
  std::stable_sort(containers.begin(), containers.end(),
                   [](const ContainerGrowth& a, const ContainerGrowth& b) {
                     const auto growths = std::pair(positive(a.growth()), positive(b.growth()));
                     if (growths.first != growths.second) return growths.first > growths.second;
                     return a.now.length > b.now.length;
                   });
  return containers;
}

}  // namespace mprofpp::inspect
