#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/memory.hpp"
#include "mprofpp/proc/tree.hpp"

namespace mprofpp::proc {

/// A process of the tree as the sampler knows it.
struct Member {
  Member(const Stat& stat, Metric metric, Instant now);

  /// What of a reading is the program's.
  Bytes without_ours(Bytes reading) const;
  Amounts without_ours(Amounts amounts) const;

  model::ProcessId id;
  pid_t parent;
  bool is_root = false;
  std::string name;
  std::string command;
  Bytes left_out;     ///< of each reading: memory that is ours and not the program's
  Bytes used;         ///< the last reading of the metric; 0 before the first, or if it is refused
  Bytes kernel_peak;  ///< VmHWM as last read; 0 before the first look
  Bytes vms_peak;     ///< VmPeak, likewise
  Instant next_look;  ///< when name, command line and peak are to be read again
  Instant next_walk;  ///< when its children are to be looked for again
  Duration look_gap;
  int looks = 0;
  bool named = false;           ///< its name was handed on
  bool has_own_memory = false;  ///< known not to run in its parent's
  Memory memory;
};

enum class Scope { roots, tree };

/// What changed since the last tick. Pointers are good until the next call of the sampler.
struct Changes {
  std::vector<const Member*> named;   ///< first sight, or another name or command line
  std::vector<const Member*> peaked;  ///< a higher kernel peak was read
  std::vector<Member> ended;
  std::vector<Member> stillborn;  ///< those that ended before their first reading
  bool refused = false;           ///< the kernel did not let us read some process's memory
};

/// Reads the memory of a process tree, one round a tick.
///
/// What costs more than a reading is spread: name and high-water mark of each process are read once a
/// second (sooner while it is young or when a reading beats its high-water mark by 1 %), its command line
/// every fourth time, and once a second its children are looked for anew; only so many processes a tick, so
/// that a thousand processes born together do not make one tick in a hundred late.
class Sampler {
 public:
  /// How to read: what, and the time between ticks.
  struct Settings {
    Metric metric = Metric::rss;
    Duration interval{};
  };
  Sampler(Roots roots, Settings settings);

  /// The time between ticks has changed.
  void set_interval(Duration interval) { settings_.interval = interval; }

  /// Looks for births, reads memory in that scope, then takes the closer looks that are due.
  /// A process that ended is out of members() afterwards, and its last reading with it.
  Changes tick(Instant now, Scope scope);

  /// Looks for births only: for those who cannot wait for the next tick.
  Changes meet(Instant now);
  /// From now on so much of the readings of these processes is not theirs but the recorder's.
  void leave_out(const std::unordered_map<pid_t, Bytes>& ours);

  /// The living members in the order of their birth.
  const std::vector<Member>& members() const { return members_; }
  const Member* find(pid_t pid) const;
  /// The living roots together, and all others together.
  Bytes used_by_roots() const;
  Bytes used_by_others() const;
  bool any_root_lives() const;

  /// Whether anyone but the roots was ever seen.
  bool had_children() const { return had_children_; }
  std::uint64_t take_unseen() { return tree_.take_unseen(); }
  /// The recording ends: what was still waited for has come and gone.
  void expect_no_more() { tree_.expect_no_more(); }

 private:
  void add_births(const std::vector<Stat>& births, Instant now);
  void read_memory(Instant now, Scope scope, Changes& changes);
  void read_each(Instant now, Scope scope, Changes& changes);
  std::ptrdiff_t count_gone() const;
  bool is_anyone_going();
  void look_closer(Instant now, Changes& changes);
  void look_at(Member& member, Instant now, Changes& changes);
  void name_newborns(Changes& changes);
  void remove_ended(Changes& changes);

  Settings settings_;
  Tree tree_;
  std::vector<Member> members_;
  std::vector<pid_t> ended_;
  bool had_children_ = false;
};

}  // namespace mprofpp::proc
