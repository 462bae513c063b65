#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "mprofpp/model/process_id.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {

/// The processes that a recording is about.
struct Roots {
  std::vector<pid_t> pids;
  /// The recorder, when it is the parent of the root and, as child subreaper, of orphans: children it
  /// has besides (a shell may exec into it) are not the tree's. Nothing when it attached.
  std::optional<pid_t> adopter;

  bool contains(pid_t pid) const { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }
};

/// Who belongs to a process tree: roots and all their descendants, those included whose parent has died
/// and whom the recorder has adopted.
///
/// Births are found without walking the tree. The kernel hands out pids in rising order and tells the
/// newest one (last number of /proc/loadavg), so while that stands still nobody was born, and
/// otherwise the pids handed out since are looked at: they or their parents are known or they are
/// somebody else's. Threads take pids too and are told apart by their thread group. Above `walk_above`
/// new pids, and when the numbers start again from below, the whole tree is walked instead. Who was
/// born with a pid of its parent's choice (clone3's set_tid) is found by walk() only.
class Tree {
 public:
  static constexpr pid_t walk_above = 500;

  explicit Tree(Roots roots);

  /// Newcomers since the last call, parents before their children; the first call finds the roots.
  std::vector<Stat> find_births();
  /// As find_births, by walking from `pid` down, and for a root among those whom the recorder has
  /// adopted: a second look, for births the first way cannot see.
  std::vector<Stat> walk(pid_t pid);
  /// The process has ended or is about to, and its pid may come again: as somebody else's, also if it was
  /// a root. Its memory goes before its children are handed on: those that are found meanwhile are still
  /// ours.
  void remove(const model::ProcessId& id);

  /// Whether one that was removed has not ended yet.
  bool is_anyone_dying();
  /// Whether that pid is a root's that lives.
  bool is_root(pid_t pid) const { return roots_.contains(pid); }

  /// How many pids, since the last call, were handed out and gone before they could be looked at. An
  /// upper bound for our own short-lived processes: the kernel does not say whose they were.
  std::uint64_t take_unseen();
  /// The recording ends: pids that were still waited for count as unseen.
  void expect_no_more();

 private:
  /// A pid that was handed out and has no process yet, or none any more.
  struct Unborn {
    pid_t pid;
    int looks = 0;
    int ticks_to_wait = 0;
  };

  void look_behind_root(std::vector<Stat>& births);
  bool is_descendant(const Stat& stat) const;
  bool is_dying(const model::ProcessId& id) const;
  void look_at(Unborn candidate, std::vector<Stat>& births);
  void wait_for(Unborn candidate);
  void look_for(pid_t parent, std::vector<Stat>& births);
  void walk_everything(std::vector<Stat>& births);
  void adopt_orphans(std::vector<Stat>& births);
  void adopt(pid_t pid, std::vector<Stat>& births);
  void forget_dead();

  Roots roots_;
  pid_t newest_ = 0;
  NewestPid newest_pid_;
  std::unordered_set<pid_t> members_;
  std::vector<model::ProcessId> dying_;  ///< removed, and perhaps still the parent of its children
  std::unordered_set<pid_t> strangers_;  ///< children of the adopter that were there before
  std::vector<Unborn> unborn_;
  std::uint64_t unseen_ = 0;
};

}  // namespace mprofpp::proc
