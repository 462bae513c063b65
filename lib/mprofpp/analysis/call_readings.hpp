#pragma once

#include <optional>

#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// The memory of a call's own process, MiB, as it was read when the call began and ended; nothing where it
/// was not read. `mib_in` and `mib_out` of a FUNC line are readings only in a file of mprof, which names no
/// process: in ours they may lie on the straight line between two samples, and say nothing of that moment.
inline std::optional<double> reading_in(const model::Call& call) {
  if (call.rss_in) return call.rss_in;
  return call.pid == 0 ? std::optional(call.mib_in) : std::nullopt;
}

inline std::optional<double> reading_out(const model::Call& call) {
  if (call.rss_out) return call.rss_out;
  return call.pid == 0 ? std::optional(call.mib_out) : std::nullopt;
}

/// What the call's process had more at its end than at its beginning; nothing unless both were read.
inline std::optional<double> growth_of(const model::Call& call) {
  const auto in = reading_in(call);
  const auto out = reading_out(call);
  const bool is_known = in && out && *in == *in && *out == *out;  // a file may hold NaN
  return is_known ? std::optional(*out - *in) : std::nullopt;
}

}  // namespace mprofpp::analysis
