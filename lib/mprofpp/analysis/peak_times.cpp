#include "mprofpp/analysis/peak_times.hpp"

#include <algorithm>

namespace mprofpp::analysis {

void PeakTimes::take(const model::Process& process) {
  const KnownPeak born{process.id.start, 0, {process.t, process.t}};
  const auto [known, is_new] = known_.try_emplace(process.id.pid, born);
  if (!is_new && known->second.process != process.id.start) known->second = born;
}

Window PeakTimes::reached(const model::KernelPeak& peak, Instant start) {
  if (peak.source == model::KernelPeak::Source::tree_max) return {start, std::max(start, tick_)};
  auto& known = known_.try_emplace(peak.pid, KnownPeak{0, 0, {start, start}}).first->second;
  if (peak.mib > known.mib) {
    const auto since = known.reached.end;
    known.mib = peak.mib;
    known.reached = {since, std::max(since, tick_)};
  }
  return known.reached;
}

}  // namespace mprofpp::analysis
