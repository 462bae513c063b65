#include "mprofpp/proc/sampler.hpp"

#include <algorithm>

namespace mprofpp::proc {
namespace {

using namespace std::chrono_literals;

constexpr Duration settled_gap = 1s;  ///< between two looks at a process that is no longer young
constexpr Duration young_gap = 1ms;   ///< doubled at each look: most programs exec soon after fork

constexpr int looks_per_command = 4;  ///< a program gives itself another one seldom
constexpr int young_looks = 6;

std::size_t looks_per_tick(std::size_t members, Duration interval) {
  const auto share = to_seconds(interval) * static_cast<double>(members);
  return std::max<std::size_t>(8, static_cast<std::size_t>(share) + 1);
}

bool beats(Bytes reading, Bytes record) {
  return reading.count() * 100 > record.count() * 101;
}

/// Whether it is gone, or a zombie.
bool has_ended(const Member& member) {
  const auto stat = read_stat(member.id.pid);
  return !stat || stat->state == 'Z' || stat->start != member.id.start;
}

/// What no descriptor holds on to is found by its pid, which may have come again.
bool is_somebody_else(const Member& member) {
  if (member.memory.is_held()) return false;
  const auto stat = read_stat(member.id.pid);
  return stat && stat->start != member.id.start;
}

/// Whether the process lives on in other threads although its first one has ended.
bool lives_on(Member& member) {
  const auto stat = read_stat(member.id.pid);
  if (!stat || stat->state != 'Z' || stat->threads < 2) return false;
  return member.memory.follow_living_thread().has_value();
}

/// A child that has not called exec since its vfork: its parent's memory must not count twice.
bool borrows_memory(Member& member) {
  if (member.is_root || member.has_own_memory) return false;
  member.has_own_memory = !share_memory(member.id.pid, member.parent);
  return !member.has_own_memory;
}

}  // namespace

Member::Member(const Stat& stat, Metric metric, Instant now)
    : id{stat.pid, stat.start},
      parent(stat.parent),
      name(stat.name),
      next_look(now),
      next_walk(now + settled_gap),
      look_gap(young_gap),
      memory(stat.pid, metric) {}

/// Never 0, which would mean that nothing was read.
Bytes Member::without_ours(Bytes reading) const {
  return std::max(reading - left_out, Bytes(1));
}

Amounts Member::without_ours(Amounts amounts) const {
  for (const auto metric : {Metric::rss, Metric::pss, Metric::uss, Metric::vms, Metric::file}) {
    amounts[metric] = std::max(amounts[metric] - left_out, Bytes{});
  }
  return amounts;
}

Sampler::Sampler(Roots roots, Settings settings) : settings_(settings), tree_(std::move(roots)) {}

Changes Sampler::tick(Instant now, Scope scope) {
  Changes changes;
  remove_ended(changes);
  add_births(tree_.find_births(), now);
  read_memory(now, scope, changes);
  remove_ended(changes);
  look_closer(now, changes);
  name_newborns(changes);
  return changes;
}

Changes Sampler::meet(Instant now) {
  Changes changes;
  add_births(tree_.find_births(), now);
  name_newborns(changes);
  return changes;
}

void Sampler::leave_out(const std::unordered_map<pid_t, Bytes>& ours) {
  for (auto& member : members_) {
    const auto found = ours.find(member.id.pid);
    member.left_out = found == ours.end() ? Bytes{} : found->second;
  }
}

void Sampler::add_births(const std::vector<Stat>& births, Instant now) {
  for (const auto& stat : births) {
    auto& member = members_.emplace_back(stat, settings_.metric, now);
    member.is_root = tree_.is_root(stat.pid);
    if (!member.is_root) had_children_ = true;
  }
}

/// While memory goes, what was shared counts more and more in those who share it still: a sum of shares
/// from before and after is too high, and is read anew.
void Sampler::read_memory(Instant now, Scope scope, Changes& changes) {
  constexpr int most_rounds = 3;  // who always ends somewhere is not to keep all others waiting
  const bool is_of_shares = settings_.metric == Metric::pss && scope == Scope::tree;
  if (!is_of_shares || members_.size() < 2) return read_each(now, scope, changes);
  for (int round = 0; round < most_rounds; ++round) {
    const auto gone = count_gone();
    const bool is_settled = !is_anyone_going();
    read_each(now, scope, changes);
    if (is_settled && gone == count_gone()) return;
  }
}

/// Whether a process has no memory any more and the kernel is still at freeing it.
bool Sampler::is_anyone_going() {
  return tree_.is_anyone_dying() ||
         std::any_of(members_.begin(), members_.end(), [](const Member& member) {
           return member.memory.is_gone() && !has_ended(member);
         });
}

std::ptrdiff_t Sampler::count_gone() const {
  return std::count_if(members_.begin(), members_.end(),
                       [](const Member& member) { return member.memory.is_gone(); });
}

void Sampler::read_each(Instant now, Scope scope, Changes& changes) {
  for (auto& member : members_) {
    if (scope == Scope::roots && !member.is_root) continue;
    if (borrows_memory(member)) continue;
    if (is_somebody_else(member)) {
      ended_.push_back(member.id.pid);
      continue;
    }
    auto used = member.memory.read();
    if (used && !*used && lives_on(member)) used = member.memory.read();
    if (!used && used.error().code == Errc::io) continue;  // no descriptor, no memory: it may live
    if (!used && used.error().code == Errc::denied) {
      changes.refused = true;
      if (has_ended(member)) ended_.push_back(member.id.pid);
      continue;
    }
    if (!used || !*used) {
      ended_.push_back(member.id.pid);
      continue;
    }
    member.used = member.without_ours(**used);
    if (settings_.metric == Metric::rss && beats(member.used, member.kernel_peak)) {
      member.next_look = std::min(member.next_look, now);
    }
  }
}

void Sampler::look_closer(Instant now, Changes& changes) {
  // births first: pointers into members_ are handed out below
  auto budget = looks_per_tick(members_.size(), settings_.interval);
  std::vector<pid_t> due;
  std::vector<pid_t> due_for_walk;
  for (auto& member : members_) {
    if (budget == 0) break;
    if (member.next_look > now || member.used == Bytes{}) continue;
    due.push_back(member.id.pid);
    --budget;
    if (member.next_walk > now) continue;
    due_for_walk.push_back(member.id.pid);
    member.next_walk = now + settled_gap;
  }
  for (const pid_t pid : due_for_walk) add_births(tree_.walk(pid), now);
  for (auto& member : members_) {
    if (std::find(due.begin(), due.end(), member.id.pid) != due.end())
      look_at(member, now, changes);
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
  const Bytes peak = std::max(member.without_ours(status->peak_rss), member.used);
  const bool is_higher = status->peak_rss > Bytes{} && peak > member.kernel_peak;
  if (is_higher || status->peak_vms > member.vms_peak) {
    if (is_higher) member.kernel_peak = peak;
    member.vms_peak = std::max(member.vms_peak, status->peak_vms);
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
    const auto known = std::find_if(members_.begin(), members_.end(),
                                    [pid](const Member& member) { return member.id.pid == pid; });
    if (known == members_.end()) continue;
    tree_.remove(known->id);
    (known->named ? changes.ended : changes.stillborn).push_back(std::move(*known));
    members_.erase(known);
  }
  ended_.clear();
}

const Member* Sampler::find(pid_t pid) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [pid](const Member& member) { return member.id.pid == pid; });
  return found == members_.end() ? nullptr : &*found;
}

Bytes Sampler::used_by_roots() const {
  Bytes sum;
  for (const auto& member : members_) sum += member.is_root ? member.used : Bytes{};
  return sum;
}

Bytes Sampler::used_by_others() const {
  Bytes sum;
  for (const auto& member : members_) sum += member.is_root ? Bytes{} : member.used;
  return sum;
}

bool Sampler::any_root_lives() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const Member& member) { return member.is_root; });
}

}  // namespace mprofpp::proc
