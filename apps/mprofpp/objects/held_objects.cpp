#include "objects/held_objects.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"
#include "objects/looks.hpp"
#include "objects/unknown_type.hpp"

namespace mprofpp::app {
namespace {

using inspect::HoldersLook;
using inspect::Instances;

bool is_address(const std::string& text) {
  return text.starts_with("0x") || text.starts_with("0X");
}

/// Returns true if the text can be the name of a type: it has no subscripts.
bool may_be_type(const std::string& text) {
  return !is_address(text) && text.find_first_of("[]'\"") == std::string::npos;
}

bool has_all_addresses(const Instances& instances) {
  return std::all_of(
      instances.types.begin(), instances.types.end(),
      [](const inspect::TypeInstances& type) { return type.addresses.size() == type.count; });
}

inspect::LookedAtType summary_of(const Instances& instances) {
  inspect::LookedAtType summary;
  summary.name = instances.types.front().type;
  for (const auto& type : instances.types) {
    summary.count += type.count;
    summary.bytes += type.bytes;
    summary.is_lower_bound = summary.is_lower_bound || type.is_lower_bound;
  }
  return summary;
}

/// Returns the largest objects of all types of that name.
std::vector<std::string> largest(const Instances& instances, std::size_t count) {
  std::vector<inspect::Instance> all;
  for (const auto& type : instances.types)
    all.insert(all.end(), type.largest.begin(), type.largest.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.size > b.size; });
  std::vector<std::string> addresses;
  for (const auto& instance : all) {
    if (addresses.size() < count) addresses.push_back(instance.address);
  }
  return addresses;
}

/// Appends the last `count` of the others that are not yet there: they are the youngest.
void append_youngest(std::vector<std::string>& addresses, const std::vector<std::string>& others,
                     std::size_t count) {
  for (auto other = others.rbegin(); other != others.rend() && count > 0; ++other) {
    if (std::find(addresses.begin(), addresses.end(), *other) != addresses.end()) continue;
    addresses.push_back(*other);
    --count;
  }
}

}  // namespace

Result<HoldersLook> HeldObjects::find(pid_t pid) const {
  auto door = open_door(pid);
  if (!door) return Failure(std::move(door.error()));
  Instances instances;
  const auto named = [&](Result<HoldersLook> look) -> Result<HoldersLook> {
    if (!look) return Failure(at_process(pid, std::move(look.error())));
    look->process = {pid, proc::read_command(pid).value_or(""), look->holders.python};
    look->holders.held += instances.held;
    return look;
  };
  if (may_be_type(query_.what)) {
    auto found = find_instances(door->client);
    if (!found) return named(holders_anyway(door->client, found.error()));
    instances = std::move(*found);
  }
  if (!instances.types.empty()) return named(holders_of_type(pid, door->client, instances));
  return named(holders_of_object(door->client, instances.near));
}

Result<Instances> HeldObjects::find_instances(inspect::Client& client) const {
  return inspect::find_instances(client, {.type = query_.what,
                                          .count = query_.objects,
                                          .addresses = inspect::Addresses::listed,
                                          .patience = query_.pause});
}

/// To search all objects for those of a type takes longer than to follow an expression, which this may be.
Result<HoldersLook> HeldObjects::holders_anyway(inspect::Client& client,
                                                const Error& no_instances) const {
  if (no_instances.code != Errc::busy) return Failure(no_instances);
  auto look = holders_of_object(client, {});
  return look ? std::move(look) : Failure(no_instances);
}

Result<HoldersLook> HeldObjects::holders_of_type(pid_t pid, inspect::Client& client,
                                                 const Instances& instances) const {
  HoldersLook look;
  look.type = summary_of(instances);
  auto targets = largest(instances, query_.objects);
  if (const auto fresh = new_addresses(pid, instances)) {
    look.type->new_objects = fresh->size();
    look.new_addresses.insert(fresh->begin(), fresh->end());
    append_youngest(targets, *fresh, query_.objects);
  }
  auto holders = inspect::find_holders(client, {.targets = std::move(targets),
                                                .count = query_.chains.value_or(1),
                                                .depth = query_.depth,
                                                .patience = query_.pause});
  if (!holders) return Failure(std::move(holders.error()));
  look.holders = std::move(*holders);
  return look;
}

Result<HoldersLook> HeldObjects::holders_of_object(inspect::Client& client,
                                                   const std::vector<std::string>& near) const {
  constexpr std::size_t usual_chains = 3;
  auto holders = inspect::find_holders(client, {.targets = {query_.what},
                                                .count = query_.chains.value_or(usual_chains),
                                                .depth = query_.depth,
                                                .patience = query_.pause});
  if (!holders) return Failure(std::move(holders.error()));
  if (holders->targets.empty() || holders->targets[0].state == inspect::TargetState::not_found) {
    auto error = unknown_type(query_.what, near);
    error.what = "has no object or type '" + query_.what + "'";
    return Failure(std::move(error));
  }
  if (holders->targets[0].state == inspect::TargetState::gone)
    return fail(Errc::not_found, "", "has no object at " + query_.what,
                "it may be gone; look for its type again");
  HoldersLook look;
  look.holders = std::move(*holders);
  return look;
}

std::optional<std::vector<std::string>> HeldObjects::new_addresses(
    pid_t pid, const Instances& instances) const {
  if (!has_all_addresses(instances)) return std::nullopt;
  const auto looks = Looks::open();
  if (!looks) return std::nullopt;
  const auto kind = "addresses of " + query_.what;
  const auto last = looks->last(pid, kind);
  std::unordered_set<std::string> before;
  if (last) for_each_line(last->text, [&](std::string_view line) { before.emplace(line); });
  std::vector<std::string> fresh;
  std::string all;
  for (const auto& type : instances.types) {
    for (const auto& address : type.addresses) {
      all += address + "\n";
      if (last && !before.contains(address)) fresh.push_back(address);
    }
  }
  if (const auto kept = looks->keep(pid, kind, all); !kept)
    console_.warn(message_of(kept.error()) + "; the next look will not show what is new");
  return last ? std::optional(std::move(fresh)) : std::nullopt;
}

}  // namespace mprofpp::app
