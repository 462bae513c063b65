#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "mprofpp/model/process_id.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/pid_set.hpp"

namespace mprofpp::proc {

/// The processes that a recording is about.
struct Roots {
  std::vector<pid_t> pids;
  /// The recorder, if it is the parent of the root and, as child subreaper, of orphans. Its other
  /// children (a shell may exec into it) do not belong to the tree. Nothing if it has attached.
  std::optional<pid_t> adopter;

  bool contains(pid_t pid) const { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }
};

/// Finds the processes of a tree: the roots and all their descendants, including those whose parent
/// has died and which the recorder has adopted.
///
/// Births are found without walking the tree. The kernel assigns pids in rising order and reports
/// the newest one (last number of /proc/loadavg). As long as it does not change, no process was
/// born. Otherwise the pids that were assigned since are looked at: either the process or its
/// parent is known, or it belongs to another tree. Threads take pids too and are recognised by
/// their thread group. Above `walk_above` new pids, and when the numbers start again from below,
/// the whole tree is walked instead. A process that was born with a pid of its parent's choice
/// (clone3's set_tid) is found by walk() only.
class Tree {
 public:
  static constexpr pid_t walk_above = 500;

  explicit Tree(Roots roots);

  /// Returns the processes that were born since the last call, parents before their children. The
  /// first call finds the roots.
  std::vector<Stat> find_births();
  /// Like find_births, but walks from `pid` down and, for a root, also from the processes that the
  /// recorder has adopted. This second look finds births that find_births() cannot see.
  std::vector<Stat> walk(pid_t pid);
  /// Removes a process that has ended or is about to. Its pid may be reused by a process of another
  /// tree, even if it was a root's. A process loses its memory before its children are passed on,
  /// so children that are found meanwhile still belong to the tree.
  void remove(const model::ProcessId& id);

  /// Returns true if a removed process has not ended yet.
  bool is_any_exiting();
  /// Returns true if the pid is that of a living root.
  bool is_root(pid_t pid) const { return roots_.contains(pid); }

  /// Returns how many pids, since the last take_unseen(), were assigned and gone before they could
  /// be looked at, and are not accounted for. This is an upper bound for our own short-lived
  /// processes, because the kernel does not report to which tree they belonged. There were more
  /// only if all pids were used more than once between two calls.
  std::uint64_t unseen() const { return unseen_.size(); }
  std::uint64_t take_unseen();
  /// Returns true if the pid counts as unseen, or will unless its process is found alive. This is
  /// rarely the case for the pid that a process has in another pid namespace.
  bool is_unseen(pid_t pid) const;
  /// Notes that a process with that pid has reported its own exit: it does not count as unseen.
  void account_for(pid_t pid);
  /// Counts all pids that are still waited for as unseen, at the end of the recording.
  void stop_waiting();

 private:
  /// A pid that was assigned and has no process yet, or none any more.
  struct PendingPid {
    pid_t pid;
    int looks = 0;
    int ticks_to_wait = 0;
  };

  /// The tree that a process belongs to.
  enum class Kin { ours, foreign, unknown };

  void find_first_births(std::vector<Stat>& births);
  void walk_over(pid_t last, std::vector<Stat>& births);
  bool is_descendant(const Stat& stat) const;
  Kin kin_of(const Stat& stat, std::vector<Stat>& births);
  bool is_exiting(const model::ProcessId& id) const;
  void check_pid(PendingPid candidate, std::vector<Stat>& births);
  void wait_for(PendingPid candidate);
  void check_parent(pid_t parent, std::vector<Stat>& births);
  void walk_everything(std::vector<Stat>& births);
  void adopt_orphans(std::vector<Stat>& births);
  void adopt(pid_t pid, std::vector<Stat>& births);
  void forget_ended();

  Roots roots_;
  pid_t newest_ = 0;
  NewestPid newest_pid_;
  std::unordered_set<pid_t> members_;
  std::vector<model::ProcessId>
      exiting_;  ///< removed, and perhaps still the parent of its children
  std::unordered_set<pid_t> foreign_children_;  ///< children that the adopter had before
  /// Parents outside the tree that the current search has found.
  std::unordered_set<pid_t> foreign_parents_;
  std::uint64_t oldest_start_ = 0;  ///< of the roots: an older process is not a descendant
  std::vector<PendingPid> pending_pids_;
  PidSet unseen_;
  /// The pids of the last take_unseen(); the process of one may only have been late.
  PidSet written_off_;
  /// Newer than `newest_`, so they are looked at in the next search.
  PidSet accounted_for_;
};

}  // namespace mprofpp::proc
