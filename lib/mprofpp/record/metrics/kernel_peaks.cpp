#include "mprofpp/record/metrics/kernel_peaks.hpp"

namespace mprofpp::record {

using namespace std::chrono_literals;

void KernelPeaks::update(const proc::Member& member, Instant now) {
  raise(member.id.pid, member.kernel_peak, member.vms_peak);
  write_due(member.id.pid, now);
}

void KernelPeaks::update(pid_t pid, Bytes rss, Instant now) {
  raise(pid, rss, {});
  write_due(pid, now);
}

void KernelPeaks::write_due(pid_t pid, Instant now) {
  auto& peak = peaks_[pid];
  if (now - peak.written_at < 1s) return;
  write(pid, peak);
  peak.written_at = now;
}

void KernelPeaks::raise(pid_t pid, Bytes rss, Bytes vms) {
  auto& peak = peaks_[pid];
  peak.known = std::max(peak.known, rss);
  peak.known_vms = std::max(peak.known_vms, vms);
  raise_highest(peak.known);
}

void KernelPeaks::flush(pid_t pid) {
  const auto found = peaks_.find(pid);
  if (found != peaks_.end()) write(pid, found->second);
}

void KernelPeaks::finish(pid_t pid) {
  flush(pid);
  peaks_.erase(pid);
}

Bytes KernelPeaks::of(pid_t pid) const {
  const auto found = peaks_.find(pid);
  return found == peaks_.end() ? Bytes{} : found->second.known;
}

void KernelPeaks::write(pid_t pid, Peak& peak) {
  if (peak.known <= peak.written && peak.known_vms <= peak.written_vms) return;
  std::optional<double> vms;
  if (peak.known_vms > Bytes{}) vms = peak.known_vms.mebibytes();
  sink_.take(model::KernelPeak{pid, peak.known.mebibytes(), model::KernelPeak::Source::hwm, vms});
  peak.written = peak.known;
  peak.written_vms = peak.known_vms;
}

}  // namespace mprofpp::record
