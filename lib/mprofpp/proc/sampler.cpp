#include "mprofpp/proc/sampler.hpp"

#include <algorithm>

namespace mprofpp::proc {
namespace {

using namespace std::chrono_literals;

constexpr Duration settled_gap = 1s;  ///< between two looks at a process that is no longer young
constexpr Duration young_gap = 1ms;   ///< doubled at each look: most programs exec soon after fork

// every so many looks: a program renames itself seldom, and births are found otherwise
constexpr int looks_per_command = 4;
constexpr int looks_per_walk = 8;
constexpr int young_looks = 6;

std::size_t looks_per_tick(std::size_t members, Duration interval) {
  const auto share = to_seconds(interval) * static_cast<double>(members);
  return std::max<std::size_t>(8, static_cast<std::size_t>(share) + 1);
}

bool beats(Bytes reading, Bytes record) {
  return reading.count() * 100 > record.count() * 101;
}

/// Whether the process lives on in other threads although its first one has ended.
bool lives_on(Member& member) {
  const auto stat = read_stat(member.id.pid);
  if (!stat || stat->state != 'Z' || stat->threads < 2) return false;
  return member.memory.follow_living_thread().has_value();
}

}  // namespace

Member::Member(const Stat& stat, Instant now)
    : id{stat.pid, stat.start},
      parent(stat.parent),
      name(stat.name),
      next_look(now),
      look_gap(young_gap),
      memory(stat.pid) {}

Sampler::Sampler(pid_t root, pid_t adopter, Duration interval)
    : root_(root), interval_(interval), tree_(root, adopter) {}

Changes Sampler::tick(Instant now, Scope scope) {
  Changes changes;
  remove_ended(changes);
  add_births(tree_.find_births(), now);
  read_memory(now, scope);
  remove_ended(changes);
  look_closer(now, changes);
  name_newborns(changes);
  return changes;
}

void Sampler::add_births(const std::vector<Stat>& births, Instant now) {
  for (const auto& stat : births) {
    members_.emplace_back(stat, now);
    if (stat.pid != root_) had_children_ = true;
  }
}

void Sampler::read_memory(Instant now, Scope scope) {
  for (auto& member : members_) {
    if (scope == Scope::root && member.id.pid != root_) continue;
    auto rss = member.memory.read();
    if (rss && *rss == Bytes{} && lives_on(member)) rss = member.memory.read();
    if (!rss || *rss == Bytes{}) {
      ended_.push_back(member.id.pid);
      continue;
    }
    member.rss = *rss;
    if (beats(member.rss, member.kernel_peak)) member.next_look = std::min(member.next_look, now);
  }
}

void Sampler::look_closer(Instant now, Changes& changes) {
  // births first: pointers into members_ are handed out below
  auto budget = looks_per_tick(members_.size(), interval_);
  std::vector<pid_t> due;
  for (const auto& member : members_) {
    if (budget == 0) break;
    if (member.next_look > now || member.rss == Bytes{}) continue;
    due.push_back(member.id.pid);
    --budget;
  }
  for (const pid_t pid : due) {
    const auto* member = find(pid);
    if (member->looks % looks_per_walk == looks_per_walk - 1) add_births(tree_.walk(pid), now);
  }
  for (auto& member : members_) {
    if (std::find(due.begin(), due.end(), member.id.pid) != due.end()) look_at(member, now, changes);
  }
}

void Sampler::look_at(Member& member, Instant now, Changes& changes) {
  const bool young = member.looks < young_looks;
  const auto status = read_status(member.id.pid);
  if (!status) return;  // it has just ended: the next tick will know

  bool named = !member.named || status->name != member.name;
  member.name = status->name;
  if (named || young || member.looks % looks_per_command == 0) {
    auto command = read_command(member.id.pid);
    if (command && *command != member.command && !command->empty()) {
      member.command = std::move(*command);
      named = true;
    }
  }
  if (named) changes.named.push_back(&member);
  member.named = member.named || named;
  if (status->peak_rss > member.kernel_peak) {
    member.kernel_peak = status->peak_rss;
    changes.peaked.push_back(&member);
  }
  ++member.looks;
  member.look_gap = std::min(member.look_gap * 2, settled_gap);
  member.next_look = now + member.look_gap;
}

/// Those whose first closer look has to wait: what is known from their birth is handed on at once, so
/// that no reading is ever taken for an earlier process with the same pid.
void Sampler::name_newborns(Changes& changes) {
  for (auto& member : members_) {
    if (member.named) continue;
    member.named = true;
    changes.named.push_back(&member);
  }
}

void Sampler::remove_ended(Changes& changes) {
  for (const pid_t pid : ended_) {
    tree_.remove(pid);
    const auto* known = find(pid);
    if (known == nullptr || known->named) changes.ended.push_back(pid);
    else ++stillborn_;
    std::erase_if(members_, [pid](const Member& member) { return member.id.pid == pid; });
  }
  ended_.clear();
}

const Member* Sampler::find(pid_t pid) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [pid](const Member& member) { return member.id.pid == pid; });
  return found == members_.end() ? nullptr : &*found;
}

const Member* Sampler::root() const {
  return find(root_);
}

}  // namespace mprofpp::proc
