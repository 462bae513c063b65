#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/lane.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/wire/tally.hpp"

namespace mprofpp::mark {

/// The time in which a coroutine or generator actually ran, without the time it was suspended.
struct Activity {
  Duration length{};
  std::optional<double> growth;  ///< MiB by which the process grew in that time
};

/// A call that has ended.
struct EndedCall {
  OpenCall call;
  Reading out;
  std::optional<Activity> activity = {};  ///< set only if the call was suspended

  Duration length() const { return out.t - call.in.t; }
};

/// Several ended calls that were counted together.
struct EndedCalls {
  std::uint64_t count = 0;
  Duration length{};  ///< the sum over all calls, without the time in which they were suspended
  Instant from;
  Instant to;
  std::optional<double> rss_min;  ///< MiB
  std::optional<double> rss_max;
  std::optional<double> growth;  ///< MiB
};

/// Processes count calls themselves only if they are shorter than this: the recorder writes a longer call
/// while it is still open.
inline constexpr Duration longest_summed = std::chrono::milliseconds(500);

/// Determines which calls are grouped: calls shorter than `shortest` of a function that ends more than
/// `busy` times a second in one lane.
struct GroupingRule {
  /// Empty: every call is written individually.
  std::optional<Duration> shortest = std::chrono::milliseconds(1);
  std::uint64_t busy = wire::busy_ends;
};

/// Groups the short calls of one process: one record per second for each function, lane and level.
class Grouping {
 public:
  Grouping(pid_t pid, GroupingRule rule) : pid_(pid), rule_(rule) {}

  /// Counts the call and adds it to a group if it belongs to one. Returns false if it does not, so that the
  /// caller must write it individually.
  bool absorb(const LaneId& lane, const EndedCall& ended, model::Sink& sink);
  struct Key {
    LaneId lane;
    const Function* function = nullptr;
    int level = 0;  ///< only for groups: the ends of a function are counted over all levels

    friend bool operator==(const Key&, const Key&) = default;
  };
  /// Adds calls that the process has counted itself.
  void add(const Key& key, const EndedCalls& ended, model::Sink& sink);
  /// Writes the groups of the seconds before `until`.
  void write_until(Instant until, model::Sink& sink);
  void write_all(model::Sink& sink);

 private:
  using Second = std::chrono::sys_seconds;

  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Ends {
    Second second;
    std::uint64_t now = 0;     ///< in that second
    std::uint64_t before = 0;  ///< in the second before it
  };
  struct Group {
    Second second;
    model::CallGroup calls;
  };

  bool is_busy(const Key& function, Second second, std::uint64_t ends);
  void gather(const Key& key, Second second, const EndedCalls& ended, model::Sink& sink);
  model::CallGroup begin_group(const Key& key, const EndedCalls& ended) const;

  pid_t pid_;
  GroupingRule rule_;
  std::unordered_map<Key, Ends, Hash> ends_;
  std::unordered_map<Key, Group, Hash> groups_;
};

}  // namespace mprofpp::mark
