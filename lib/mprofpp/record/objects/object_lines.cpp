#include "mprofpp/record/objects/object_lines.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mprofpp::record {
namespace {

/// A type and the number by which it is chosen.
using Ranked = std::pair<std::uint64_t, const std::string*>;

/// Adds the types with the largest numbers.
void add_largest(std::vector<Ranked> types, std::size_t count, std::set<std::string>& chosen) {
  const auto end = types.begin() + static_cast<std::ptrdiff_t>(std::min(count, types.size()));
  std::partial_sort(types.begin(), end, types.end(), [](const Ranked& left, const Ranked& right) {
    return left.first != right.first ? left.first > right.first : *left.second < *right.second;
  });
  for (auto type = types.begin(); type != end; ++type) {
    if (type->first > 0) chosen.insert(*type->second);
  }
}

std::uint64_t growth(std::uint64_t before, std::uint64_t now) {
  return now > before ? now - before : 0;
}

}  // namespace

ObjectLines::Amount ObjectLines::Counted::of(const std::string& type) const {
  const auto found = types.find(type);
  return found == types.end() ? Amount{} : found->second;
}

ObjectLines::Counted ObjectLines::counted(Instant t, const inspect::Census& census) {
  Counted counted{t, {}};
  for (const auto& type : census.types) {
    auto& amount = counted.types[type.name];
    amount.count += type.count;
    amount.bytes += type.bytes;
  }
  return counted;
}

void ObjectLines::add(const model::ProcessId& id, Instant t, const inspect::Census& census) {
  const auto old = processes_.find(id.pid);
  if (old != processes_.end() && old->second.start != id.start) processes_.erase(old);
  auto& process = processes_[id.pid];
  process.start = id.start;
  auto now = counted(t, census);
  sink_.take(model::ObjectCount{t, id.pid, "", census.objects, census.bytes});
  for (const auto& type : process.recorded) {
    if (now.of(type) != process.last->of(type)) write(id.pid, t, type, now.of(type));
  }
  for (const auto& type : types_that_matter(process, now)) {
    if (!process.recorded.insert(type).second) continue;
    write_history(id.pid, process, type);
    write(id.pid, t, type, now.of(type));
  }
  if (!process.first) process.first = now;
  process.last = std::move(now);
}

std::set<std::string> ObjectLines::types_that_matter(const Process& process,
                                                     const Counted& now) const {
  std::vector<Ranked> bytes;
  std::vector<Ranked> counts;
  std::vector<Ranked> added_bytes;
  std::vector<Ranked> added_counts;
  for (const auto& [type, amount] : now.types) {
    bytes.emplace_back(amount.bytes, &type);
    counts.emplace_back(amount.count, &type);
    if (!process.first) continue;
    const auto before = process.first->of(type);
    added_bytes.emplace_back(growth(before.bytes, amount.bytes), &type);
    added_counts.emplace_back(growth(before.count, amount.count), &type);
  }
  std::set<std::string> chosen;
  add_largest(std::move(bytes), limits_.largest, chosen);
  add_largest(std::move(counts), limits_.largest, chosen);
  add_largest(std::move(added_bytes), limits_.growing, chosen);
  add_largest(std::move(added_counts), limits_.growing, chosen);
  return chosen;
}

void ObjectLines::write(pid_t pid, Instant t, const std::string& type, const Amount& amount) const {
  sink_.take(model::ObjectCount{t, pid, type, amount.count, amount.bytes});
}

/// Writes the numbers that a type had before it mattered, so that only what was added counts as its growth.
void ObjectLines::write_history(pid_t pid, const Process& process, const std::string& type) const {
  if (!process.first) return;
  const auto first = process.first->of(type);
  if (first != Amount{}) write(pid, process.first->t, type, first);
  const auto last = process.last->of(type);
  if (last != first) write(pid, process.last->t, type, last);
}

}  // namespace mprofpp::record
