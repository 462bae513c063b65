#include "mprofpp/record/marks/exit_reports.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;
using wire::ExitRecord;

/// Handling a report takes some microseconds. This limits all reports of a tick to a part of the interval.
constexpr Duration share_of_each = 20us;
constexpr std::size_t least_at_once = 64;
constexpr std::size_t most_at_once = 16'384;
constexpr std::size_t most_kept = 4'096;

std::size_t as_many_as_fit(Duration interval) {
  return std::clamp(static_cast<std::size_t>(interval / share_of_each), least_at_once,
                    most_at_once);
}

bool is_possible(const ExitRecord& record) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  return static_cast<pid_t>(record.pid) > 0 && record.begun < most && record.peak_rss < most &&
         record.peak_vms < most;
}

pid_t pid_of(const ExitRecord& record) {
  return static_cast<pid_t>(record.pid);
}

pid_t parent_of(const ExitRecord& record) {
  return static_cast<pid_t>(record.parent);
}

std::string name_of(const ExitRecord& record) {
  const auto* const end = std::find(std::begin(record.name), std::end(record.name), '\0');
  return {std::begin(record.name), end};
}

}  // namespace

ExitReports::ExitReports(int pipe, Context context)
    : pipe_(pipe),
      context_(std::move(context)),
      time_(context_.clock.start(), context_.clock.steady_start()) {}

ExitReports::Peaks ExitReports::peaks_of(const ExitRecord& record) {
  return {Bytes(static_cast<std::int64_t>(record.peak_rss)),
          Bytes(static_cast<std::int64_t>(record.peak_vms))};
}

void ExitReports::take(const proc::Changes& changes, Instant now, Duration interval) {
  written_before_ = std::exchange(written_, {});
  pass_on_peaks(changes);
  const auto records = pipe_.read(as_many_as_fit(interval));
  if (records.empty()) return sampled_.clear();
  note_sampled(changes);
  time_.update(context_.clock.now(), Clock::Steady::now());
  allowance_.grow(now, to_seconds(interval) / to_seconds(context_.options.interval));
  for (const auto& record : records) {
    if (is_possible(record)) take(record);
  }
  if (!has_more()) sampled_.clear();
}

/// Adds the peak that an unsampled process had before an exec to the process once it is sampled.
void ExitReports::pass_on_peaks(const proc::Changes& changes) {
  if (earlier_.empty()) return;
  for (const auto* member : changes.named) {
    const auto earlier = earlier_.find(member->id.pid);
    if (earlier == earlier_.end()) continue;
    if (earlier->second.parent == member->parent) raise(member->id.pid, earlier->second.peaks);
    earlier_.erase(earlier);
  }
}

void ExitReports::note_sampled(const proc::Changes& changes) {
  const auto note = [this](const proc::Member& member) {
    sampled_[member.id.pid] = {member.id, member.parent, member.name, member.is_young()};
  };
  std::for_each(changes.ended.begin(), changes.ended.end(), note);
  std::for_each(changes.ended_unnamed.begin(), changes.ended_unnamed.end(), note);
  const auto& members = context_.sampler.members();
  std::for_each(members.begin(), members.end(), note);
}

/// A process in its own pid namespace reports a pid that may belong to another process here. The parent's
/// pid is compared as well, since it hardly ever matches by chance too.
void ExitReports::take(const ExitRecord& record) {
  const auto sampled = sampled_.find(pid_of(record));
  if (sampled == sampled_.end()) return take_unsampled(record);
  if (sampled->second.parent == parent_of(record)) take_sampled(sampled->second, record);
}

/// The sampler may have seen the process only before its exec. Then the peak so far belongs to the earlier
/// name, and the command line of the new program is unknown.
void ExitReports::take_sampled(const Sampled& sampled, const ExitRecord& record) {
  const pid_t pid = sampled.id.pid;
  const bool is_another = record.why == ExitRecord::Why::exit && sampled.may_have_become_another &&
                          name_of(record) != sampled.name;
  if (is_another && context_.is_recorded(pid)) {
    context_.peaks.flush(pid);
    context_.sink.take(
        model::Process{sampled.id, sampled.parent, time_.of(record.time), name_of(record), ""});
  }
  raise(pid, peaks_of(record));
}

void ExitReports::take_unsampled(const ExitRecord& record) {
  const pid_t pid = pid_of(record);
  if (!context_.sampler.is_unseen(pid)) return;  // reported before, or in another pid namespace
  const auto peaks = peaks_of_all_programs(record);
  if (record.why == ExitRecord::Why::exec) {
    if (earlier_.size() >= most_kept) earlier_.clear();
    earlier_[pid] = {parent_of(record), record.time, peaks};
    return;
  }
  any_was_unsampled_ = true;
  if (!context_.is_recorded(pid)) {
    largest_left_out_ = std::max(largest_left_out_, peaks.rss);
    return context_.sampler.account_for(pid);
  }
  if (context_.options.metric == model::Metric::rss) context_.peaks.raise_highest(peaks.rss);
  if (!allowance_.take()) return;
  context_.sampler.account_for(pid);
  write(record, peaks);
  written_.insert(pid);
}

/// Returns the peaks of the process over all its programs. A program starts soon after the report of the
/// exec that loads it; otherwise the pid belongs to another process.
ExitReports::Peaks ExitReports::peaks_of_all_programs(const ExitRecord& record) {
  constexpr std::uint64_t longest_exec = 5'000'000'000;  // ns
  const auto peaks = peaks_of(record);
  const auto found = earlier_.find(pid_of(record));
  if (found == earlier_.end()) return peaks;
  const auto earlier = found->second;
  earlier_.erase(found);
  const bool is_same = earlier.parent == parent_of(record) && record.begun >= earlier.time &&
                       record.begun - earlier.time < longest_exec;
  if (!is_same) return peaks;
  return {std::max(peaks.rss, earlier.peaks.rss), std::max(peaks.vms, earlier.peaks.vms)};
}

void ExitReports::raise(pid_t pid, const Peaks& peaks) {
  if (!context_.is_recorded(pid))
    largest_left_out_ = std::max(largest_left_out_, peaks.rss);
  else if (context_.options.metric ==
           model::Metric::rss)  // the kernel's high-water mark is one of RSS
    context_.peaks.raise(pid, peaks.rss, peaks.vms);
}

void ExitReports::write(const ExitRecord& record, const Peaks& peaks) {
  const model::ProcessId id{pid_of(record), ticks_since_boot(record.begun)};
  const Instant end = time_.of(record.time);
  const Instant begin = std::min(end, time_.of(record.begun));
  context_.sink.take(model::Process{id, parent_of(record), begin, name_of(record), ""});
  if (context_.options.metric == model::Metric::rss && peaks.rss > Bytes{}) {
    using Source = model::KernelPeak::Source;
    context_.sink.take(
        model::KernelPeak{id.pid, peaks.rss.mebibytes(), Source::hwm, peaks.vms.mebibytes()});
  }
  context_.sink.take(model::Exit{id.pid, end, std::nullopt});
}

bool ExitReports::has_written(pid_t pid) const {
  return written_.contains(pid) || written_before_.contains(pid);
}

/// Converts CLOCK_MONOTONIC nanoseconds to the clock ticks since boot by which the kernel counts the
/// start of a process.
std::uint64_t ExitReports::ticks_since_boot(std::uint64_t nanoseconds) const {
  static const auto tick = std::chrono::nanoseconds(1s) / ::sysconf(_SC_CLK_TCK);
  const auto slept = time_since_boot() - Clock::Steady::now().time_since_epoch();
  const Duration since_boot = slept + Duration(static_cast<std::int64_t>(nanoseconds));
  return static_cast<std::uint64_t>(std::max(since_boot, Duration{}) / tick);
}

}  // namespace mprofpp::record
