#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::app {

/// A program that collects its result grows, rightly, so a shorter recording has no message about growth.
inline constexpr Duration least_judged_length = std::chrono::minutes(10);
/// Reading more than this at the end would make people wait: 64 MiB take about 0.2 s.
inline constexpr Bytes most_read_at_end = Bytes::from_mebibytes(64);

bool is_leak(const leak::LeakReport& report);

/// Returns the process that leaks; null if it is the only one that was judged, or the whole tree.
const leak::JudgedProcess* process_of_leak(const leak::LeakReport& report);

/// Formats a leak: "leak: +6.00 MiB/h (95 %: 5.80 to 6.20) in worker 1234".
std::string leak_text(const leak::LeakReport& report);

/// Returns "grows: +6.0 MiB/h; mprofpp leak FILE says more" if the judgement of a recording is a leak, and
/// the recording is long enough; else empty.
std::string growth_message(const leak::LeakReport& report, const record::Outcome& outcome);

/// Returns true if a recording is long enough to be judged at its end, and its file can be read quickly.
bool can_be_judged(const record::Outcome& outcome);

/// Reads a recording that has just ended, for its growth_message(). Empty if it cannot be judged or read.
std::string growth_in_file(const record::Outcome& outcome);

}  // namespace mprofpp::app
