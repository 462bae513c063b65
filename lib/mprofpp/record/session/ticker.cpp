#include "mprofpp/record/session/ticker.hpp"

namespace mprofpp::record {

void Ticker::skip_to(Time now) {
  if (now > due_) due_ += (now - due_) / interval_ * interval_;
}

std::uint64_t Ticker::advance(Time now) {
  due_ += interval_;
  if (now <= due_) return 0;
  const auto missed = (now - due_) / interval_ + 1;
  due_ += missed * interval_;
  return static_cast<std::uint64_t>(missed);
}

}  // namespace mprofpp::record
