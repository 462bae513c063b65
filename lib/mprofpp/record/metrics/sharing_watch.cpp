#include "mprofpp/record/metrics/sharing_watch.hpp"

namespace mprofpp::record {

void SharingWatch::add_sample(Bytes sum, std::size_t processes) {
  if (sum < peak_) return;
  is_peak_shared_ = processes > 1;
  peak_ = sum;
}

void SharingWatch::add_pss(Bytes pss, Bytes sum, Duration at) {
  // of two at the same height the later one is kept: the first may have fallen into a fork
  if (highest_ && sum.count() * 101 < highest_->rss_sum.count() * 100) return;
  highest_ = Sharing{pss, sum, at};
}

std::optional<Sharing> SharingWatch::near_peak() const {
  const bool is_near = highest_ && highest_->rss_sum.count() * 10 > peak_.count() * 9;
  return is_near ? highest_ : std::nullopt;
}

}  // namespace mprofpp::record
