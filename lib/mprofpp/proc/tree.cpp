#include "mprofpp/proc/tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace mprofpp::proc {
namespace {

/// The kernel assigns a pid some microseconds before its process can be looked at, or much longer
/// if the process that starts it is interrupted in between. One tick passes between the first two
/// looks, and twice as many between each later two.
constexpr int looks_before_unseen = 6;

/// Returns true if the process is being reaped: the kernel then shows neither its parent nor any threads.
bool is_being_reaped(const Stat& stat) {
  return stat.threads == 0;
}

}  // namespace

Tree::Tree(Roots roots) : roots_(std::move(roots)) {
  if (!roots_.adopter) return;
  for (const pid_t child : read_children(*roots_.adopter)) {
    if (!roots_.contains(child)) foreign_children_.insert(child);
  }
}

std::vector<Stat> Tree::find_births() {
  std::vector<Stat> births;
  const auto newest = newest_pid_.read();
  const bool first = members_.empty() && newest_ == 0;
  const pid_t last = std::exchange(newest_, newest.value_or(newest_));
  foreign_parents_.clear();
  if (first) {
    find_first_births(births);
  } else if (!newest || newest_ < last || newest_ - last > walk_above) {
    walk_over(last, births);
  } else {
    for (const auto candidate : std::exchange(pending_pids_, {})) check_pid(candidate, births);
    for (pid_t pid = last + 1; pid <= newest_; ++pid) check_pid({pid}, births);
  }
  accounted_for_.clear();
  forget_ended();
  return births;
}

/// Searches for the first time. A launched program may already have had children and lost them.
void Tree::find_first_births(std::vector<Stat>& births) {
  walk_everything(births);
  for (const auto& stat : births) {
    if (!roots_.contains(stat.pid)) continue;
    oldest_start_ = oldest_start_ == 0 ? stat.start : std::min(oldest_start_, stat.start);
  }
  if (!roots_.adopter || roots_.pids.size() != 1) return;
  const pid_t root = roots_.pids.front();
  if (newest_ < root || newest_ - root > walk_above) {
    unseen_.add(root + 1, newest_);
    for (const auto& stat : births) unseen_.erase(stat.pid);
  } else {
    for (pid_t pid = root + 1; pid <= newest_; ++pid) check_pid({pid}, births);
  }
}

/// Walks the tree. All pids that were assigned since `last` count as unseen, except for those
/// that are found alive.
void Tree::walk_over(pid_t last, std::vector<Stat>& births) {
  for (const auto& candidate : std::exchange(pending_pids_, {})) unseen_.add(candidate.pid);
  walk_everything(births);
  if (newest_ < last) {
    unseen_.add(last + 1, read_highest_pid());
    unseen_.add(1, newest_);
  } else {
    unseen_.add(last + 1, newest_);
  }
  for (const auto& stat : births) unseen_.erase(stat.pid);
}

void Tree::check_pid(PendingPid candidate, std::vector<Stat>& births) {
  if (candidate.ticks_to_wait > 0) {
    --candidate.ticks_to_wait;
    pending_pids_.push_back(candidate);
    return;
  }
  const auto stat = read_stat(candidate.pid);
  const bool is_gone = !stat || is_being_reaped(*stat);
  if (accounted_for_.contains(candidate.pid) && (is_gone || is_dead(*stat))) return;
  if (is_gone) return wait_for(candidate);
  if (members_.contains(stat->pid)) return;
  check_parent(stat->parent, births);
  const auto kin = kin_of(*stat, births);
  if (kin == Kin::foreign) return;
  if (kin == Kin::unknown) return wait_for(candidate);
  const auto status = read_status(stat->pid);
  // ended meanwhile, and was perhaps a thread
  if (!status || status->thread_group == 0) return wait_for(candidate);
  if (status->thread_group != stat->pid) return;
  members_.insert(stat->pid);
  births.push_back(*stat);
}

void Tree::wait_for(PendingPid candidate) {
  candidate.ticks_to_wait = (1 << candidate.looks) - 1;
  if (++candidate.looks < looks_before_unseen)
    pending_pids_.push_back(candidate);
  else
    unseen_.add(candidate.pid);
}

/// Looks at the parent now, even if its next look is some ticks away: a process that has a child was born.
void Tree::check_parent(pid_t parent, std::vector<Stat>& births) {
  const auto found =
      std::find_if(pending_pids_.begin(), pending_pids_.end(),
                   [parent](const PendingPid& pending) { return pending.pid == parent; });
  if (found == pending_pids_.end()) return;
  pending_pids_.erase(found);
  check_pid({parent}, births);
}

bool Tree::is_descendant(const Stat& stat) const {
  if (roots_.contains(stat.pid)) return true;
  if (roots_.adopter && stat.parent == *roots_.adopter)
    return !foreign_children_.contains(stat.pid);
  return members_.contains(stat.parent) ||
         std::any_of(exiting_.begin(), exiting_.end(),
                     [&](const model::ProcessId& id) { return id.pid == stat.parent; });
}

/// An unknown parent may be a member that was missed, and its children must not be lost with it:
/// they belong to another tree only if an ancestor is older than our roots. Ancestors that were
/// missed are added to the births.
Tree::Kin Tree::kin_of(const Stat& stat, std::vector<Stat>& births) {
  if (is_descendant(stat)) return Kin::ours;
  if (stat.parent <= 1 || foreign_parents_.contains(stat.parent)) return Kin::foreign;
  const auto parent = read_stat(stat.parent);
  if (!parent || is_being_reaped(*parent)) return Kin::unknown;
  const auto kin = parent->start < oldest_start_ ? Kin::foreign : kin_of(*parent, births);
  if (kin == Kin::foreign) foreign_parents_.insert(stat.parent);
  if (kin == Kin::ours && members_.insert(parent->pid).second) births.push_back(*parent);
  return kin;
}

bool Tree::is_exiting(const model::ProcessId& id) const {
  return std::find(exiting_.begin(), exiting_.end(), id) != exiting_.end();
}

void Tree::walk_everything(std::vector<Stat>& births) {
  pending_pids_.clear();
  for (const pid_t root : roots_.pids) adopt(root, births);
  adopt_orphans(births);
  const std::vector<pid_t> known(members_.begin(), members_.end());
  for (const pid_t pid : known) {
    for (const pid_t child : read_children(pid)) adopt(child, births);
  }
}

std::vector<Stat> Tree::walk(pid_t pid) {
  std::vector<Stat> births;
  if (roots_.contains(pid)) adopt_orphans(births);
  for (const pid_t child : read_children(pid)) adopt(child, births);
  return births;
}

void Tree::adopt_orphans(std::vector<Stat>& births) {
  if (!roots_.adopter) return;
  for (const pid_t child : read_children(*roots_.adopter)) {
    if (!foreign_children_.contains(child)) adopt(child, births);
  }
}

void Tree::adopt(pid_t pid, std::vector<Stat>& births) {
  if (members_.contains(pid) || pid == ::getpid()) return;  // a program may have itself recorded
  const auto stat = read_stat(pid);
  if (!stat || is_dead(*stat) || is_exiting({stat->pid, stat->start})) return;
  members_.insert(pid);
  births.push_back(*stat);
  for (const pid_t child : read_children(pid)) adopt(child, births);
}

void Tree::remove(const model::ProcessId& id) {
  members_.erase(id.pid);
  std::erase(roots_.pids, id.pid);
  exiting_.push_back(id);
}

/// Called only after a search, because the children that it found may be those of a dead member.
void Tree::forget_ended() {
  std::erase_if(exiting_, has_ended);
}

bool Tree::is_any_exiting() {
  forget_ended();
  return !exiting_.empty();
}

bool Tree::is_unseen(pid_t pid) const {
  const auto is_it = [pid](const PendingPid& pending) { return pending.pid == pid; };
  if (pid > newest_) return !accounted_for_.contains(pid);
  return unseen_.contains(pid) || written_off_.contains(pid) ||
         std::any_of(pending_pids_.begin(), pending_pids_.end(), is_it);
}

void Tree::account_for(pid_t pid) {
  if (unseen_.erase(pid) || written_off_.erase(pid)) return;
  if (std::erase_if(pending_pids_,
                    [pid](const PendingPid& pending) { return pending.pid == pid; }) > 0)
    return;
  if (pid > newest_) accounted_for_.add(pid);
}

void Tree::stop_waiting() {
  for (const auto& candidate : std::exchange(pending_pids_, {})) unseen_.add(candidate.pid);
}

std::uint64_t Tree::take_unseen() {
  written_off_ = std::exchange(unseen_, {});
  return written_off_.size();
}

}  // namespace mprofpp::proc
