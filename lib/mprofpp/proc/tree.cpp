#include "mprofpp/proc/tree.hpp"

#include <utility>

namespace mprofpp::proc {
namespace {

/// A pid is taken from the kernel's store some microseconds before its process can be looked at.
constexpr int looks_before_unseen = 3;

bool is_thread(const Stat& stat) {
  const auto status = read_status(stat.pid);
  return status && status->thread_group != stat.pid;
}

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
  if (first || !newest || newest_ < last || newest_ - last > walk_above) {
    walk_everything(births);
    const auto handed_out = first || newest_ < last ? 0 : static_cast<std::size_t>(newest_ - last);
    unseen_ += handed_out - std::min(handed_out, births.size());
    return births;
  }

  for (const auto candidate : std::exchange(unborn_, {})) look_at(candidate, births);
  for (pid_t pid = last + 1; pid <= newest_; ++pid) look_at({pid, 0}, births);
  return births;
}

void Tree::look_at(Unborn candidate, std::vector<Stat>& births) {
  const auto stat = read_stat(candidate.pid);
  if (!stat) {
    if (++candidate.looks < looks_before_unseen) unborn_.push_back(candidate);
    else ++unseen_;
    return;
  }
  if (members_.contains(stat->pid) || !is_descendant(*stat) || is_thread(*stat)) return;
  members_.insert(stat->pid);
  births.push_back(*stat);
}

bool Tree::is_descendant(const Stat& stat) const {
  if (roots_.contains(stat.pid)) return true;
  if (roots_.adopter && stat.parent == *roots_.adopter) return !strangers_.contains(stat.pid);
  return members_.contains(stat.parent);
}

void Tree::walk_everything(std::vector<Stat>& births) {
  unborn_.clear();
  for (const pid_t root : roots_.pids) adopt(root, births);
  if (roots_.adopter) {
    for (const pid_t child : read_children(*roots_.adopter)) {
      if (!strangers_.contains(child)) adopt(child, births);
    }
  }
  const std::vector<pid_t> known(members_.begin(), members_.end());
  for (const pid_t pid : known) {
    for (const pid_t child : read_children(pid)) adopt(child, births);
  }
}

std::vector<Stat> Tree::walk(pid_t pid) {
  std::vector<Stat> births;
  for (const pid_t child : read_children(pid)) adopt(child, births);
  return births;
}

void Tree::adopt(pid_t pid, std::vector<Stat>& births) {
  if (members_.contains(pid)) return;
  const auto stat = read_stat(pid);
  if (!stat) return;
  members_.insert(pid);
  births.push_back(*stat);
  for (const pid_t child : read_children(pid)) adopt(child, births);
}

void Tree::remove(pid_t pid) {
  members_.erase(pid);
}

void Tree::expect_no_more() {
  unseen_ += unborn_.size();
  unborn_.clear();
}

std::uint64_t Tree::take_unseen() {
  return std::exchange(unseen_, 0);
}

}  // namespace mprofpp::proc
