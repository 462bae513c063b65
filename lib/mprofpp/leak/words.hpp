#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/report.hpp"

namespace mprofpp::leak {

/// Formats a rate and its interval: "+6.00 MiB/h (95 %: 5.80 to 6.20)". The units fit the rate and `shown`,
/// the length of the recording.
std::string rate_text(const Rate& rate, Duration shown);

/// Formats a judgement in one line: "leak: +6.00 MiB/h (95 %: 5.80 to 6.20)", "steady; a leak below 0.8 MiB/h
/// would not show", "not enough to tell: the growth slows down; record 50 min in all".
std::string verdict_text(const Judgement& judgement, Duration shown);

/// Formats a reason for people: "the growth slows down".
std::string_view text_of(Reason reason);

/// Returns how long to record in all for a verdict, for an unsure judgement of a recording of length `shown`.
Duration recommended_length(const Judgement& judgement, Duration shown);

}  // namespace mprofpp::leak
