#include "mprofpp/proc/pid_set.hpp"

#include <algorithm>
#include <iterator>

namespace mprofpp::proc {
namespace {

std::uint64_t count(pid_t first, pid_t last) {
  return static_cast<std::uint64_t>(last - first) + 1;
}

}  // namespace

void PidSet::add(pid_t first, pid_t last) {
  if (first > last) return;
  auto next = ranges_.upper_bound(last + 1);
  while (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (before->second + 1 < first) break;
    first = std::min(first, before->first);
    last = std::max(last, before->second);
    size_ -= count(before->first, before->second);
    next = ranges_.erase(before);
  }
  ranges_.emplace_hint(next, first, last);
  size_ += count(first, last);
}

bool PidSet::erase(pid_t pid) {
  const auto range = range_of(pid);
  if (range == ranges_.end()) return false;
  const auto [first, last] = *range;
  ranges_.erase(range);
  if (first < pid) ranges_.emplace(first, pid - 1);
  if (pid < last) ranges_.emplace(pid + 1, last);
  --size_;
  return true;
}

bool PidSet::contains(pid_t pid) const {
  return range_of(pid) != ranges_.end();
}

void PidSet::clear() {
  ranges_.clear();
  size_ = 0;
}

PidSet::Ranges::const_iterator PidSet::range_of(pid_t pid) const {
  const auto behind = ranges_.upper_bound(pid);
  if (behind == ranges_.begin()) return ranges_.end();
  const auto range = std::prev(behind);
  return pid <= range->second ? range : ranges_.end();
}

}  // namespace mprofpp::proc
