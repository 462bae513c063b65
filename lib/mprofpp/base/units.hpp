#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp {

/// "0.1", "50ms", "1m30s", "2h", "1d", "250us": numbers with units, summed; a bare number is seconds.
/// A leading minus is understood, so that a caller can refuse it in its own words.
Result<Duration> parse_duration(std::string_view text);

/// "200MiB", "1.5 GiB", "500M", "2GB", "65536": bytes, or with a unit. A lone letter is the binary one.
Result<Bytes> parse_size(std::string_view text);

/// For people: "364.4 MiB", "1.50 GiB", "812 KiB". Four significant digits at most.
std::string readable(Bytes amount);

/// For people: "350 ms", "12.3 s", "2 min 05 s", "3 h 20 min", "2 d 4 h".
std::string readable(Duration length);

/// A point in time, counted from a start: "the start", "203 µs", "12.8 s", "1 min 39.9 s",
/// "3 h 25 min 46 s", "1 d 12 h 25 min". Finer than a length, so that it can be found again; finer
/// still where `precision` is.
std::string readable_moment(Duration since_start, Duration precision = Duration::max());

}  // namespace mprofpp
