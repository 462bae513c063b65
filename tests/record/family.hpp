#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <list>
#include <vector>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/metrics/reading_rounds.hpp"
#include "support/child.hpp"

namespace mprofpp::test {

/// Forked processes, and the members that the sampler would have for them.
class Family {
 public:
  explicit Family(int count) {
    members_.reserve(most);  // so that pointers to them stay valid
    for (int i = 0; i < count; ++i) add();
  }

  void add() {
    REQUIRE(members_.size() < most);
    const auto& child = children_.emplace_back();
    const auto stat = proc::read_stat(child.pid());
    REQUIRE(stat.has_value());
    auto& member =
        members_.emplace_back(*stat, model::Metric::rss, Instant{std::chrono::seconds(1)});
    member.used = Bytes(1 << 20);
  }
  record::Members members() const {
    record::Members members;
    for (const auto& member : members_) members.push_back(&member);
    return members;
  }
  const std::vector<proc::Member>& all() const { return members_; }
  proc::Member& first() { return members_.front(); }
  void kill_first() { children_.front().kill(); }

 private:
  static constexpr std::size_t most = 16;

  std::list<Child> children_;
  std::vector<proc::Member> members_;
};

}  // namespace mprofpp::test
