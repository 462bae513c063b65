#include "mprofpp/record/kernel_peaks.hpp"

#include <algorithm>

namespace mprofpp::record {

using namespace std::chrono_literals;

void KernelPeaks::update(const proc::Member& member, Instant now, store::Block& block) {
  auto& peak = peaks_[member.id.pid];
  peak.known = std::max(peak.known, member.kernel_peak);
  peak.known_vms = std::max(peak.known_vms, member.vms_peak);
  highest_ = std::max(highest_, peak.known);
  if (now - peak.written_at < 1s) return;
  write(member.id.pid, peak, block);
  peak.written_at = now;
}

void KernelPeaks::finish(pid_t pid, store::Block& block) {
  const auto found = peaks_.find(pid);
  if (found == peaks_.end()) return;
  write(pid, found->second, block);
  peaks_.erase(found);
}

Bytes KernelPeaks::of(pid_t pid) const {
  const auto found = peaks_.find(pid);
  return found == peaks_.end() ? Bytes{} : found->second.known;
}

void KernelPeaks::write(pid_t pid, Peak& peak, store::Block& block) {
  if (peak.known <= peak.written && peak.known_vms <= peak.written_vms) return;
  std::optional<double> vms;
  if (peak.known_vms > Bytes{}) vms = peak.known_vms.mebibytes();
  block.add(model::KernelPeak{pid, peak.known.mebibytes(), model::KernelPeak::Source::hwm, vms});
  peak.written = peak.known;
  peak.written_vms = peak.known_vms;
}

}  // namespace mprofpp::record
