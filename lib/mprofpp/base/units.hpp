#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp {

/// Parses a length of time such as "0.1", "50ms", "1m30s", "2h", "1d" or "250us": numbers with
/// units, which are summed; a number without a unit is in seconds. A leading minus is accepted, so
/// that the caller can refuse it with its own message.
Result<Duration> parse_duration(std::string_view text);

/// Parses an amount of memory such as "200MiB", "1.5 GiB", "500M", "2GB" or "65536": a number of
/// bytes, or a number with a unit. A single letter is a binary unit.
Result<Bytes> parse_size(std::string_view text);

/// Formats a count with its thousands separated: "11,777".
std::string grouped_digits(std::uint64_t count);

/// Formats an amount for people: "364.4 MiB", "1.50 GiB", "812.0 KiB".
std::string readable(Bytes amount);

/// Formats a number of MiB like readable(), with a typographic minus. Returns "unknown" for a value
/// that is not a number or is absurdly large.
std::string memory_text(double mib);

/// Formats memory that was added or freed: "+12.0 MiB", "−3.1 MiB", "0". Empty for NaN.
std::string growth_text(double mib);

/// Formats a slope with three significant digits: "+7.21 MiB/s", "−583 KiB/min", "+6.00 MiB/h". The unit of
/// time fits `shown`, the length of what has the slope: /s below two minutes, /min below two hours, /h below
/// two days, then /day.
std::string slope_text(double mib_per_second, Duration shown);

/// Formats a rate and the ends of its interval, with the digits that three significant ones of the rate have:
/// "+6.00 MiB/h (95 %: 5.80 to 6.20)". All are in MiB; `per` is "/h".
std::string interval_text(double rate, double low, double high, std::string_view per);

/// Formats an amount of memory with three significant digits: "29.4 KiB", "1.20 MiB", "312 B".
std::string short_memory_text(double mib);

/// Formats a length of time for people: "350 ms", "12.3 s", "2 min 5 s", "3 h 20 min", "2 d 4 h".
std::string readable(Duration length);

/// Formats a point in time, counted from a start: "the start", "203 µs", "12.8 s", "1 min 39.9 s",
/// "3 h 25 min 46 s", "1 d 12 h 25 min". It is more precise than a length, so that the point can be
/// found again, and still more precise if `precision` is finer.
std::string readable_moment(Duration since_start, Duration precision = Duration::max());

}  // namespace mprofpp
