#pragma once

#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/report.hpp"

namespace mprofpp::leak {

/// Formats a rate and its interval: "+6.00 MiB/h (95 %: 5.80 to 6.20)".
std::string rate_text(const Rate& rate);

/// Formats a judgement in one line: "leak: +6.00 MiB/h (95 %: 5.80 to 6.20)", "steady; a leak below 819 KiB/h
/// would not show", "not enough to tell: the growth slows down, and would level off near 212.0 MiB; record 50
/// min in all". `judged` is what was judged. A steady curve of which even a large growth would not show has
/// the text "steady so far: growth of 1.18 MiB in these 2 s would not show; record longer".
std::string verdict_text(const Judgement& judgement, const Extent& judged);

/// Formats why a judgement is what it is, for people: "the growth slows down". Empty for a leak that grows
/// evenly and for a flat curve.
std::string reason_text(const Judgement& judgement);

/// Returns how long to record in all, as a round time that is at least as long as needed, for an unsure
/// judgement of a recording of length `judged`.
Duration recommended_length(const Judgement& judgement, Duration judged);

/// Formats such a round time: "50 min", "2 h", "3 d".
std::string round_time_text(Duration length);

/// Formats a step: "+8.0 MiB at 31 min 10 s", counted from `start`.
std::string step_text(const Step& step, Instant start);

/// Formats when the memory reaches a limit: "reaches the limit of 512.0 MiB in 9 h".
std::string limit_text(const LimitReached& limit);

}  // namespace mprofpp::leak
