#include "mprofpp/proc/looks.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <utility>

using namespace mprofpp;
using namespace mprofpp::proc;
using namespace std::chrono_literals;

namespace {

constexpr Instant now{100s};

/// A process that was looked at and needs no other look before `next_look`.
Member settled(Instant next_look) {
  Stat stat;
  stat.pid = ::getpid();
  Member member(stat, Metric::rss, now);
  member.used = Bytes(1 << 20);
  member.looks = 10;
  member.next_look = next_look;
  REQUIRE(member.memory.read().has_value());
  member.shape_at_look = member.memory.shape();
  return member;
}

Member unknown() {
  auto member = settled(now);
  member.looks = 0;
  return member;
}

Member replaced() {
  auto member = settled(now + 1s);
  ++member.shape_at_look.code;
  return member;
}

std::vector<std::size_t> indices(const std::vector<DueLook>& looks) {
  std::vector<std::size_t> indices;
  for (const auto& look : looks) indices.push_back(look.index);
  return indices;
}

std::vector<Member> tree_of(Member first, Member second, Member third) {
  std::vector<Member> members;
  members.push_back(std::move(first));
  members.push_back(std::move(second));
  members.push_back(std::move(third));
  return members;
}

}  // namespace

TEST_CASE("processes that were never looked at come first, then those that seem to be replaced") {
  const auto members = tree_of(settled(now - 9s), replaced(), unknown());
  const auto looks = find_due_looks(members, now);
  REQUIRE(indices(looks) == std::vector<std::size_t>{2, 1, 0});
  CHECK(looks[0].urgency == Urgency::unknown);
  CHECK(looks[1].urgency == Urgency::replaced);
  CHECK(looks[2].urgency == Urgency::routine);
}

TEST_CASE("the routine look that is overdue longest comes first, and none comes before its time") {
  const auto members = tree_of(settled(now - 1s), settled(now - 2s), settled(now + 1ms));
  CHECK(indices(find_due_looks(members, now)) == std::vector<std::size_t>{1, 0});
}

TEST_CASE("a process that was not read yet is not due") {
  auto members = tree_of(unknown(), settled(now - 1s), replaced());
  for (auto& member : members) member.used = Bytes{};
  CHECK(find_due_looks(members, now).empty());
}

TEST_CASE("a new memory size suggests another program only while a process is young") {
  auto member = settled(now + 1s);
  ++member.shape_at_look.size;
  CHECK_FALSE(member.seems_replaced());
  member.looks = 1;
  CHECK(member.seems_replaced());
}
