#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/lane.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::mark {

/// A call that has ended.
struct EndedCall {
  OpenCall call;
  Reading out;

  Duration length() const { return out.t - call.in.t; }
};

/// Some that were counted together.
struct EndedCalls {
  std::uint64_t count = 0;
  Duration length{};  ///< of all
  Instant from;
  Instant to;
  std::optional<double> rss_min;  ///< MiB
  std::optional<double> rss_max;
  std::optional<double> growth;  ///< MiB
};

/// So long a call may be at most where processes count short ones themselves: a longer one is told
/// while it is open.
inline constexpr Duration longest_summed = std::chrono::milliseconds(500);

/// Which calls are told in groups: those shorter than `shortest` of a function that ends more than
/// `busy` times a second in one lane.
struct GroupingRule {
  std::optional<Duration> shortest =
      std::chrono::milliseconds(1);  ///< nothing: every call by itself
  std::uint64_t busy = 100;
};

/// Gathers the short calls of one process into one record a second for each function, lane and
/// level.
class Grouping {
 public:
  Grouping(pid_t pid, GroupingRule rule) : pid_(pid), rule_(rule) {}

  /// Counts the call, and takes it if it belongs to a group; else it is to be told by itself.
  bool takes(const LaneId& lane, const EndedCall& ended, model::Sink& sink);
  struct Key {
    LaneId lane;
    const Function* function = nullptr;
    int level = 0;  ///< of a group; the ends of a function are counted over all levels

    friend bool operator==(const Key&, const Key&) = default;
  };
  /// Calls that the process itself has found to belong to a group.
  void add(const Key& key, const EndedCalls& ended, model::Sink& sink);
  /// Tells the groups of seconds that were over by then.
  void tell(Instant until, model::Sink& sink);
  void tell_all(model::Sink& sink);

 private:
  using Second = std::chrono::sys_seconds;

  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Ends {
    Second second;
    std::uint64_t now = 0;     ///< in that second
    std::uint64_t before = 0;  ///< in the one before
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
