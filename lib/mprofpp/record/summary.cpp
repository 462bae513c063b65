#include "mprofpp/record/summary.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::record {
namespace {

std::optional<Figures> figures_of(const Totals& totals, Instant start) {
  if (totals.samples() == 0) return std::nullopt;
  return Figures{totals.peak(), totals.peak_at() - start, totals.mean(), totals.last()};
}

}  // namespace

Summary::Summary(const Options& options, std::string path, Instant start)
    : options_(options), start_(start) {
  outcome_.path = std::move(path);
}

void Summary::add_children(Bytes memory) {
  outcome_.children_peak = std::max(outcome_.children_peak, memory);
}

void Summary::add_sharing(Bytes total, const std::vector<proc::Member>& members,
                          std::optional<Bytes> pss, Instant now) {
  const auto is_read = [](const proc::Member& member) { return member.used > Bytes{}; };
  const auto processes = std::count_if(members.begin(), members.end(), is_read);
  sharing_.add_sample(total, static_cast<std::size_t>(processes));
  if (pss) sharing_.add_pss(*pss, total, now - start_);
}

void Summary::add_root_end(int status, Bytes peak) {
  outcome_.status = status;
  const bool measures_root = !sums(options_.children) || !had_children_;
  if (measures_root && peak > Bytes{}) outcome_.kernel_peak = std::max(peak, totals_.peak());
}

void Summary::settle_sharing(const ExtraMetrics& metrics) {
  const bool sums_rss = options_.metric == model::Metric::rss && sums(options_.children);
  if (!sums_rss || !sharing_.is_peak_shared()) return;
  outcome_.sharing = sharing_.near_peak();
  if (!outcome_.sharing) outcome_.unknown_sharing = metrics.why_unknown();
}

void Summary::finish(model::EndReason end, Instant now, Duration interval,
                     const ExtraMetrics& metrics, Bytes largest) {
  outcome_.end = end;
  outcome_.duration = now - start_;
  outcome_.interval = interval;
  outcome_.samples = totals_.samples();
  outcome_.metric_costs = metrics.costs();
  outcome_.figures = figures_of(totals_, start_);
  if (sums(options_.children)) outcome_.largest_process = largest;
  settle_sharing(metrics);
}

void Summary::add_survivors(const std::vector<proc::Member>& members) {
  for (const auto& member : members) outcome_.survivors.push_back({member.id.pid, member.name});
}

void Summary::add_marks(std::uint64_t lost, std::vector<std::string> newer_pythons) {
  outcome_.lost_marks = lost;
  outcome_.newer_pythons = std::move(newer_pythons);
}

void Summary::explain_missing_marks(std::optional<python::MissingMarksReason> reason) {
  outcome_.missing_marks = std::move(reason);
}

}  // namespace mprofpp::record
