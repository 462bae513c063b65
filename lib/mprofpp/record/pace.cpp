#include "mprofpp/record/pace.hpp"

#include <algorithm>

namespace mprofpp::record {
namespace {

constexpr int slowdown = 10;
constexpr Duration longest = std::chrono::hours(24);

}  // namespace

bool Pace::slow_down(Bytes size) {
  if (!limit_ || size < next_ || interval_ >= longest) return false;
  next_ = Bytes((size.count() / limit_->count() + 1) * limit_->count());
  interval_ = std::min(interval_ * slowdown, longest);
  return true;
}

}  // namespace mprofpp::record
