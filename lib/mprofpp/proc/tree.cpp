#include "mprofpp/proc/tree.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::proc {
namespace {

/// A pid is taken from the kernel's store some microseconds before its process can be looked at, or
/// much longer when who starts it is interrupted in between. One tick lies between the first two
/// looks, and twice as many between any later two.
constexpr int looks_before_unseen = 6;

}  // namespace

Tree::Tree(Roots roots) : roots_(std::move(roots)) {
  if (!roots_.adopter) return;
  for (const pid_t child : read_children(*roots_.adopter)) {
    if (!roots_.contains(child)) strangers_.insert(child);
  }
}

std::vector<Stat> Tree::find_births() {
  std::vector<Stat> births;
  const auto newest = newest_pid_.read();
  const bool first = members_.empty() && newest_ == 0;
  const pid_t last = std::exchange(newest_, newest.value_or(newest_));
  if (first) {
    walk_everything(births);
    look_behind_root(births);
  } else if (!newest || newest_ < last || newest_ - last > walk_above) {
    walk_everything(births);
    const auto handed_out = newest_ < last ? 0 : static_cast<std::size_t>(newest_ - last);
    unseen_ += handed_out - std::min(handed_out, births.size());
  } else {
    for (const auto candidate : std::exchange(unborn_, {})) look_at(candidate, births);
    for (pid_t pid = last + 1; pid <= newest_; ++pid) look_at({pid}, births);
  }
  forget_dead();
  return births;
}

/// A program that was launched may have had children, and lost them, before the first look.
void Tree::look_behind_root(std::vector<Stat>& births) {
  if (!roots_.adopter || roots_.pids.size() != 1) return;
  const pid_t root = roots_.pids.front();
  if (newest_ - root > walk_above) return;
  for (pid_t pid = root + 1; pid <= newest_; ++pid) look_at({pid}, births);
}

void Tree::look_at(Unborn candidate, std::vector<Stat>& births) {
  if (candidate.ticks_to_wait > 0) {
    --candidate.ticks_to_wait;
    unborn_.push_back(candidate);
    return;
  }
  const auto stat = read_stat(candidate.pid);
  if (!stat) return wait_for(candidate);
  if (members_.contains(stat->pid)) return;
  look_for(stat->parent, births);
  if (!is_descendant(*stat)) return;
  const auto status = read_status(stat->pid);
  if (!status) return wait_for(candidate);  // ended meanwhile, and was perhaps a thread
  if (status->thread_group != stat->pid) return;
  members_.insert(stat->pid);
  births.push_back(*stat);
}

void Tree::wait_for(Unborn candidate) {
  candidate.ticks_to_wait = (1 << candidate.looks) - 1;
  if (++candidate.looks < looks_before_unseen)
    unborn_.push_back(candidate);
  else
    ++unseen_;
}

/// Who has a child was born, even if its next look is some ticks away.
void Tree::look_for(pid_t parent, std::vector<Stat>& births) {
  const auto found = std::find_if(unborn_.begin(), unborn_.end(),
                                  [parent](const Unborn& unborn) { return unborn.pid == parent; });
  if (found == unborn_.end()) return;
  unborn_.erase(found);
  look_at({parent}, births);
}

bool Tree::is_descendant(const Stat& stat) const {
  if (roots_.contains(stat.pid)) return true;
  if (roots_.adopter && stat.parent == *roots_.adopter) return !strangers_.contains(stat.pid);
  return members_.contains(stat.parent) ||
         std::any_of(dying_.begin(), dying_.end(),
                     [&](const model::ProcessId& id) { return id.pid == stat.parent; });
}

bool Tree::is_dying(const model::ProcessId& id) const {
  return std::find(dying_.begin(), dying_.end(), id) != dying_.end();
}

void Tree::walk_everything(std::vector<Stat>& births) {
  unborn_.clear();
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
    if (!strangers_.contains(child)) adopt(child, births);
  }
}

void Tree::adopt(pid_t pid, std::vector<Stat>& births) {
  if (members_.contains(pid)) return;
  const auto stat = read_stat(pid);
  if (!stat || is_dead(*stat) || is_dying({stat->pid, stat->start})) return;
  members_.insert(pid);
  births.push_back(*stat);
  for (const pid_t child : read_children(pid)) adopt(child, births);
}

void Tree::remove(const model::ProcessId& id) {
  members_.erase(id.pid);
  std::erase(roots_.pids, id.pid);
  dying_.push_back(id);
}

/// Not before a search is over: what it found may be theirs.
void Tree::forget_dead() {
  std::erase_if(dying_, has_ended);
}

bool Tree::is_anyone_dying() {
  forget_dead();
  return !dying_.empty();
}

void Tree::expect_no_more() {
  unseen_ += unborn_.size();
  unborn_.clear();
}

std::uint64_t Tree::take_unseen() {
  return std::exchange(unseen_, 0);
}

}  // namespace mprofpp::proc
