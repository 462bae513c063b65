#include "mprofpp/record/process_lines.hpp"

#include <algorithm>
#include <string>

#include "mprofpp/base/log.hpp"

namespace mprofpp::record {
namespace {

void log_process(const proc::Member& member) {
  if (!log::wants_debug()) return;
  log::debug("found process " + std::to_string(member.id.pid) + ", child of " +
             std::to_string(member.parent) + ": " + member.name + " (" + member.command + ")");
}

}  // namespace

ProcessLines::ProcessLines(const Subject& subject, const Options& options,
                           const std::optional<Marks>& marks, model::Sink& sink)
    : subject_(subject), options_(options), marks_(marks), sink_(sink), peaks_(sink) {}

void ProcessLines::add_process(const proc::Member& member, Instant now) {
  sink_.take(model::Process{member.id, member.parent, now, member.name, member.command});
}

void ProcessLines::add_names(const proc::Changes& changes, Instant now) {
  for (const auto* member : changes.named) {
    log_process(*member);
    if (!is_recorded(member->id.pid)) continue;
    peaks_.flush(member->id.pid);
    add_process(*member, now);
  }
  add_titles(changes, now);
  // processes that exited before their memory was read still get a PROC and an EXIT line
  for (const auto& member : changes.ended_unnamed) {
    if (is_in_scope(member.id.pid)) add_process(member, now);
  }
}

/// Must follow the PROC lines of the same tick: a PROC line ends the previous title of its process.
void ProcessLines::add_titles(const proc::Changes& changes, Instant now) {
  if (options_.titles == Titles::left_out) return;
  for (const auto* member : changes.retitled) {
    if (is_recorded(member->id.pid)) sink_.take(model::Title{member->id.pid, now, member->command});
  }
}

void ProcessLines::add_marking(const std::vector<const proc::Member*>& marking,
                               const proc::Changes& changes, Instant now) {
  for (const auto* member : marking) {
    const auto is_it = [&](const proc::Member* named) { return named->id == member->id; };
    const bool has_line = std::any_of(changes.named.begin(), changes.named.end(), is_it) ||
                          is_in_scope(member->id.pid);
    if (!has_line) add_process(*member, now);
  }
}

void ProcessLines::add_counted(const proc::Member& member, Instant now) {
  if (is_recorded(member.id.pid)) return;
  counted_.insert(member.id.pid);
  add_process(member, now);
}

void ProcessLines::add_peaks_before_resets(const std::unordered_map<pid_t, Bytes>& peaks,
                                           Instant now) {
  if (options_.metric != model::Metric::rss) return;  // the kernel's high-water mark is one of RSS
  for (const auto& [pid, peak] : peaks) {
    if (is_recorded(pid) && peak > peaks_.of(pid)) peaks_.update(pid, peak, now);
  }
}

void ProcessLines::add_peaks_and_exits(const proc::Changes& changes, Instant now) {
  for (const auto* member : changes.peaked) {
    if (options_.metric != model::Metric::rss) break;  // the kernel's high-water mark is one of RSS
    if (is_recorded(member->id.pid)) peaks_.update(*member, now);
  }
  for (const auto* gone : {&changes.ended, &changes.ended_unnamed}) {
    for (const auto& member : *gone) add_exit(member.id.pid, now);
  }
}

void ProcessLines::add_exit(pid_t pid, Instant now) {
  if (log::wants_debug()) log::debug("process " + std::to_string(pid) + " exited");
  if (!is_recorded(pid) || is_reaped_by_session(pid)) return;
  peaks_.finish(pid);
  model::Exit exit{pid, now, std::nullopt};
  if (const auto status = statuses_.find(pid); status != statuses_.end()) {
    exit.status = status->second;
    statuses_.erase(status);
  }
  counted_.erase(pid);
  sink_.take(exit);
}

/// ru_maxrss starts where the images before the program left it: at or below that it says nothing.
/// It covers waited-for descendants: it is the root's own only if there were none.
Bytes ProcessLines::add_root_peak(const RootEnd& end, Bytes rings) {
  const pid_t root = subject_.root();
  const Bytes own = peaks_.of(root);
  peaks_.finish(root);
  const bool is_known =
      options_.metric == model::Metric::rss && end.ended.largest > subject_.inherited_peak;
  if (!is_known) return own;
  const Bytes largest = end.ended.largest - rings;
  if (end.waited_for_children) {
    add_largest_process(largest);
    return own;
  }
  if (largest < own) return own;
  sink_.take(model::KernelPeak{root, largest.mebibytes(), model::KernelPeak::Source::rusage});
  return largest;
}

void ProcessLines::add_root_exit(const RootEnd& end) {
  sink_.take(model::Exit{subject_.root(), end.t, end.ended.status});
  root_has_exited_ = true;
}

void ProcessLines::add_largest_process(Bytes peak) {
  if (peak <= largest_process_) return;
  largest_process_ = peak;
  sink_.take(
      model::KernelPeak{subject_.root(), peak.mebibytes(), model::KernelPeak::Source::tree_max});
}

void ProcessLines::add_last_peaks(const std::vector<proc::Member>& members) {
  for (const auto& member : members) peaks_.finish(member.id.pid);
}

}  // namespace mprofpp::record
