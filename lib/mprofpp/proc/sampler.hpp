#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/proc/look_time.hpp"
#include "mprofpp/proc/member.hpp"
#include "mprofpp/proc/tree.hpp"

namespace mprofpp::proc {

enum class Scope { roots, tree };

/// The changes since the last tick. Pointers are valid until the next call of the sampler.
struct Changes {
  /// Seen for the first time, or with another name or command line.
  std::vector<const Member*> named;
  std::vector<const Member*> retitled;  ///< those of `named` that changed their own command line
  std::vector<const Member*> peaked;    ///< the kernel reported a higher peak
  std::vector<Member> ended;
  std::vector<Member> ended_unnamed;  ///< ended before they were reported as `named`
  bool refused = false;               ///< the kernel refused to let us read the memory of a process
};

/// Reads the memory of a process tree, one round per tick.
///
/// Work that costs more than a reading is spread over ticks. A closer look at a process reads its
/// name, command line and high-water mark, once a second, and sooner while the process is young,
/// when a reading exceeds its high-water mark by 1 %, or when it seems to have called exec. Its
/// children are also searched for once a second. Processes that were never looked at come first,
/// then those that seem to run another program, as many as LookTime allows. The number of all other
/// looks per tick is such that each process gets one in a second. A process that has not run since
/// the last look needs none, and the resident memory of one that has not run since the last reading is
/// read again only once a second.
class Sampler {
 public:
  using Time = LookTime::Clock::time_point;

  /// How often command lines are read.
  enum class Titles {
    with_looks,   ///< together with the name and the high-water mark
    at_each_tick  ///< of all processes that have run, as far as there is time
  };
  /// The metric to read, the time between ticks, and how to read command lines.
  struct Settings {
    Metric metric = Metric::rss;
    Duration interval{};
    Titles titles = Titles::with_looks;
  };
  Sampler(Roots roots, Settings settings);

  /// Changes the time between ticks.
  void set_interval(Duration interval) { settings_.interval = interval; }

  /// Looks for births, reads the memory in that scope, and takes the closer looks that are due: at
  /// least one, and no more than there is time for until `next_due`. Afterwards, members() does not
  /// contain processes that have ended, or their last readings.
  Changes tick(Instant now, Scope scope, Time next_due = Time::max());

  /// Looks for births only, for callers that cannot wait for the next tick.
  Changes find_births_now(Instant now);
  /// Sets how much of the readings of each process belongs to the recorder and is left out from now on.
  void leave_out(const std::unordered_map<pid_t, Bytes>& ours);

  /// Returns the living members in the order of their birth.
  const std::vector<Member>& members() const { return members_; }
  const Member* find(pid_t pid) const;
  /// Returns the memory of all living roots; used_by_others() returns that of all other members.
  Bytes used_by_roots() const;
  Bytes used_by_others() const;
  bool any_root_lives() const;

  /// Returns true if any process other than the roots was ever seen.
  bool had_children() const { return had_children_; }
  std::uint64_t unseen() const { return tree_.unseen(); }
  std::uint64_t take_unseen() { return tree_.take_unseen(); }
  /// See Tree.
  bool is_unseen(pid_t pid) const { return tree_.is_unseen(pid); }
  void account_for(pid_t pid) { tree_.account_for(pid); }
  /// Ends the wait for pids whose process has not appeared: they count as unseen.
  void stop_waiting() { tree_.stop_waiting(); }

 private:
  void add_births(const std::vector<Stat>& births, Instant now);
  void read_memory(Instant now, Scope scope, Changes& changes);
  void read_each(Instant now, Scope scope, Changes& changes);
  bool can_skip(Member& member, Instant now) const;
  std::ptrdiff_t count_gone() const;
  bool is_any_exiting();
  void walk_some(Instant now);
  void take_closer_looks(Instant now, const LookTime& time, Changes& changes);
  void examine(Member& member, Instant now, Changes& changes);
  bool read_title(Member& member, Changes& changes);
  void read_titles(const LookTime& time, Changes& changes);
  void name_new_members(Changes& changes);
  void remove_ended(Changes& changes);

  Settings settings_;
  Tree tree_;
  std::vector<Member> members_;
  std::vector<pid_t> ended_;
  std::size_t next_title_ = 0;  ///< index of the last member that read_titles() has visited
  bool had_children_ = false;
};

}  // namespace mprofpp::proc
