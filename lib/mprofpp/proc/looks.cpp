#include "mprofpp/proc/looks.hpp"

#include <algorithm>
#include <tuple>

namespace mprofpp::proc {
namespace {

Urgency urgency_of(const Member& member) {
  if (member.looks == 0) return Urgency::unknown;
  return member.seems_replaced() ? Urgency::replaced : Urgency::routine;
}

}  // namespace

std::vector<DueLook> find_due_looks(const std::vector<Member>& members, Instant now) {
  std::vector<DueLook> due;
  for (std::size_t index = 0; index < members.size(); ++index) {
    const auto& member = members[index];
    if (member.used == Bytes{}) continue;
    const auto urgency = urgency_of(member);
    if (urgency != Urgency::routine || member.next_look <= now) due.push_back({index, urgency});
  }
  const auto order = [&](const DueLook& a, const DueLook& b) {
    return std::tie(a.urgency, members[a.index].next_look) <
           std::tie(b.urgency, members[b.index].next_look);
  };
  std::stable_sort(due.begin(), due.end(), order);
  return due;
}

}  // namespace mprofpp::proc
