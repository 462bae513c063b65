#include "mprofpp/proc/sampler.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/looks.hpp"

namespace mprofpp::proc {
namespace {

using namespace std::chrono_literals;

constexpr Duration settled_gap = 1s;  ///< between two looks at a process that is no longer young
constexpr int walks_per_second = 50;  ///< of all processes together

/// The kernel may take memory from a process that does not run (swap, reclaim, truncated files).
constexpr Duration longest_without_reading = 1s;
/// Below it, the CPU time that shows whether a process has run is too coarse.
constexpr Duration shortest_checked_interval = 10ms;

/// Returns how many looks a tick needs so that each process gets one in a second.
std::size_t looks_per_tick(std::size_t members, Duration interval) {
  const auto share = to_seconds(interval) * static_cast<double>(members);
  return std::max<std::size_t>(8, static_cast<std::size_t>(share) + 1);
}

/// Spreads the readings of processes that sleep over the second half of the longest time.
Duration time_to_next_reading(pid_t pid) {
  constexpr auto half = longest_without_reading / 2;
  return half + half * (pid % 64) / 64;
}

std::size_t walks_per_tick(Duration interval) {
  return static_cast<std::size_t>(to_seconds(interval) * walks_per_second) + 1;
}

bool beats(Bytes reading, Bytes record) {
  return reading.count() * 100 > record.count() * 101;
}

/// Returns true if the process is gone or a zombie.
bool is_gone_or_zombie(const Member& member) {
  const auto stat = read_stat(member.id.pid);
  return !stat || stat->state == 'Z' || stat->start != member.id.start;
}

/// Returns true if another process has the pid now. Without an open descriptor, a process is found
/// by its pid, which may have been reused.
bool pid_was_reused(const Member& member) {
  if (member.memory.is_held()) return false;
  const auto stat = read_stat(member.id.pid);
  return stat && stat->start != member.id.start;
}

/// Returns true if the process lives on in other threads although its first one has ended.
bool lives_on(Member& member) {
  const auto stat = read_stat(member.id.pid);
  if (!stat || stat->state != 'Z' || stat->threads < 2) return false;
  return member.memory.follow_living_thread().has_value();
}

/// Returns true for a child that has not called exec since its vfork: its parent's memory
/// must not count twice.
bool borrows_memory(Member& member) {
  if (member.is_root || member.has_own_memory) return false;
  member.has_own_memory = !share_memory(member.id.pid, member.parent);
  return !member.has_own_memory;
}

}  // namespace

Sampler::Sampler(Roots roots, Settings settings) : settings_(settings), tree_(std::move(roots)) {}

Changes Sampler::tick(Instant now, Scope scope, Time next_due) {
  Changes changes;
  remove_ended(changes);
  add_births(tree_.find_births(), now);
  read_memory(now, scope, changes);
  remove_ended(changes);
  const LookTime time(settings_.interval, next_due);
  walk_some(now);
  take_closer_looks(now, time, changes);
  if (settings_.titles == Titles::at_each_tick) read_titles(time, changes);
  name_new_members(changes);
  return changes;
}

Changes Sampler::find_births_now(Instant now) {
  Changes changes;
  add_births(tree_.find_births(), now);
  name_new_members(changes);
  return changes;
}

void Sampler::leave_out(const std::unordered_map<pid_t, Bytes>& ours) {
  for (auto& member : members_) {
    const auto found = ours.find(member.id.pid);
    const auto left_out = found == ours.end() ? Bytes{} : found->second;
    if (std::exchange(member.left_out, left_out) != left_out) member.next_reading = {};
  }
}

void Sampler::add_births(const std::vector<Stat>& births, Instant now) {
  for (const auto& stat : births) {
    auto& member = members_.emplace_back(stat, settings_.metric, now);
    member.is_root = tree_.is_root(stat.pid);
    if (!member.is_root) had_children_ = true;
  }
}

/// While a process gives its memory back, pages that it shared count more in the processes that
/// still share them. A sum of shares from before and after is too high, and is read again.
void Sampler::read_memory(Instant now, Scope scope, Changes& changes) {
  constexpr int most_rounds = 3;  // processes that keep ending must not delay all others
  const bool is_of_shares = settings_.metric == Metric::pss && scope == Scope::tree;
  if (!is_of_shares || members_.size() < 2) return read_each(now, scope, changes);
  for (int round = 0; round < most_rounds; ++round) {
    const auto gone = count_gone();
    const bool is_settled = !is_any_exiting();
    read_each(now, scope, changes);
    if (is_settled && gone == count_gone()) return;
  }
}

/// Returns true if a process has no memory any more and the kernel is still freeing it.
bool Sampler::is_any_exiting() {
  return tree_.is_any_exiting() ||
         std::any_of(members_.begin(), members_.end(), [](const Member& member) {
           return member.memory.is_gone() && !is_gone_or_zombie(member);
         });
}

std::ptrdiff_t Sampler::count_gone() const {
  return std::count_if(members_.begin(), members_.end(),
                       [](const Member& member) { return member.memory.is_gone(); });
}

/// Returns true if the last reading is still right, because the process has not run. Shares change without
/// that, too.
bool Sampler::can_skip(Member& member, Instant now) const {
  return settings_.metric == Metric::rss && settings_.interval >= shortest_checked_interval &&
         !member.needs_reading(now);
}

void Sampler::read_each(Instant now, Scope scope, Changes& changes) {
  for (auto& member : members_) {
    if (scope == Scope::roots && !member.is_root) continue;
    if (can_skip(member, now)) continue;
    if (borrows_memory(member)) continue;
    if (pid_was_reused(member)) {
      ended_.push_back(member.id.pid);
      continue;
    }
    auto used = member.memory.read();
    if (used && !*used && lives_on(member)) used = member.memory.read();
    if (!used && used.error().code == Errc::io) continue;  // out of descriptors or memory
    if (!used && used.error().code == Errc::denied) {
      changes.refused = true;
      if (is_gone_or_zombie(member)) ended_.push_back(member.id.pid);
      continue;
    }
    if (!used || !*used) {
      ended_.push_back(member.id.pid);
      continue;
    }
    member.used = member.without_ours(**used);
    member.next_reading = now + time_to_next_reading(member.id.pid);
    if (settings_.metric == Metric::rss && beats(member.used, member.kernel_peak)) {
      member.next_look = std::min(member.next_look, now);
    }
  }
}

/// Walks from the members that are overdue longest. This adds births, so it comes before the closer
/// looks, which hand out indices of members and pointers to them.
void Sampler::walk_some(Instant now) {
  std::vector<std::pair<Instant, pid_t>> due;
  for (auto& member : members_) {
    if (member.next_walk > now || member.used == Bytes{}) continue;
    member.notice_activity();
    if (member.ran_since_look || member.is_root)
      due.emplace_back(member.next_walk, member.id.pid);
    else
      member.next_walk = now + settled_gap;  // one that has not run has no new children
  }
  std::sort(due.begin(), due.end());
  due.resize(std::min(due.size(), walks_per_tick(settings_.interval)));
  for (const auto& [since, pid] : due) {
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [pid = pid](const Member& m) { return m.id.pid == pid; });
    member->next_walk = now + settled_gap;
    add_births(tree_.walk(pid), now);
  }
}

void Sampler::take_closer_looks(Instant now, const LookTime& time, Changes& changes) {
  auto routine_looks = looks_per_tick(members_.size(), settings_.interval);
  bool is_first = true;
  for (const auto& [index, urgency] : find_due_looks(members_, now)) {
    auto& member = members_[index];
    if (urgency == Urgency::routine) {
      if (routine_looks == 0) return;
      member.notice_activity();
      if (!member.ran_since_look) {
        member.next_look = now + settled_gap;
        continue;
      }
      --routine_looks;
    }
    if (!std::exchange(is_first, false) && time.is_over()) return;
    examine(member, now, changes);
  }
}

void Sampler::examine(Member& member, Instant now, Changes& changes) {
  member.notice_activity();
  member.ran_since_look = false;
  const auto status = read_status(member.id.pid);
  if (!status) return;  // it has just ended; the next tick will notice

  bool named = !member.named || status->name != member.name;
  member.name = status->name;
  named = read_title(member, changes) || named;
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
  member.threads = status->threads;
  member.shape_at_look = member.memory.shape();
  member.look_gap = std::min(member.look_gap * 2, settled_gap);
  member.next_look = now + member.look_gap;
}

/// Returns true if the command line has changed. The new one is a title if the program is still the same.
bool Sampler::read_title(Member& member, Changes& changes) {
  member.ran_since_title = false;
  auto command = read_command(member.id.pid);
  if (!command || command->empty() || *command == member.command) return false;
  const auto stack = read_stack_start(member.id.pid).value_or(0);
  const bool is_same_program = stack == std::exchange(member.stack, stack) &&
                               member.memory.shape().code == member.shape_at_look.code;
  if (member.looks > 0 && is_same_program) changes.retitled.push_back(&member);
  member.command = std::move(*command);
  return true;
}

void Sampler::read_titles(const LookTime& time, Changes& changes) {
  for (std::size_t i = 0; i < members_.size() && !time.is_over(); ++i) {
    next_title_ = (next_title_ + 1) % members_.size();
    auto& member = members_[next_title_];
    if (member.looks == 0 || member.used == Bytes{}) continue;
    member.notice_activity();
    if (member.ran_since_title && read_title(member, changes)) changes.named.push_back(&member);
  }
}

/// Reports the members whose first closer look has to wait, with what is known from their birth, so
/// that no reading is ever taken for that of an earlier process with the same pid.
void Sampler::name_new_members(Changes& changes) {
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
    (known->named ? changes.ended : changes.ended_unnamed).push_back(std::move(*known));
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
