#include "mprofpp/analysis/call_readings.hpp"

#include <cmath>

namespace mprofpp::analysis {

std::optional<double> unless_nan(std::optional<double> value) {
  return value && !std::isnan(*value) ? value : std::nullopt;
}

std::optional<double> reading_in(const model::Call& call) {
  if (call.rss_in) return unless_nan(call.rss_in);
  return call.pid == 0 ? unless_nan(call.mib_in) : std::nullopt;
}

std::optional<double> reading_out(const model::Call& call) {
  if (call.rss_out) return unless_nan(call.rss_out);
  return call.pid == 0 ? unless_nan(call.mib_out) : std::nullopt;
}

std::optional<double> active_seconds(const model::Call& call) {
  return call.flags.active_seconds;
}

double seconds_inside(const model::Call& call) {
  return active_seconds(call).value_or(to_seconds(call.t_out - call.t_in));
}

std::optional<double> growth_of(const model::Call& call) {
  if (active_seconds(call)) return call.flags.grown_mib;
  const auto in = reading_in(call);
  const auto out = reading_out(call);
  return in && out ? std::optional(*out - *in) : std::nullopt;
}

}  // namespace mprofpp::analysis
