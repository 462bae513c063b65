#include "mprofpp/analysis/pid_index.hpp"

namespace mprofpp::analysis {
namespace {

constexpr auto nobody = std::numeric_limits<std::int64_t>::min();

}  // namespace

std::size_t PidIndex::search(pid_t pid) const {
  const auto known = by_pid_.find(pid);
  return known == by_pid_.end() ? none : known->second;
}

void PidIndex::set(pid_t pid, std::size_t index) {
  if (const auto known = slot_of(pid); known != none) {
    slots_[known].index = index;
    return;
  }
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.push_back({nobody, 0, 0});
  }
  const auto slot = free_.back();
  free_.pop_back();
  slots_[slot] = {pid, index, slot};
  by_pid_[pid] = slot;
  go_on_to(slot);
}

void PidIndex::erase(pid_t pid) {
  const auto slot = search(pid);
  if (slot == none) return;
  slots_[slot].pid = nobody;
  free_.push_back(slot);
  by_pid_.erase(pid);
}

}  // namespace mprofpp::analysis
