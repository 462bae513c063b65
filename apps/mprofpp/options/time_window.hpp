#pragma once

#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/report/time_window.hpp"

namespace mprofpp::app {

/// Parses the value of --window, "FROM,TO", either of which may be left out: "1m30s,2m", "10,", ",5". Errors:
/// invalid_argument, also if FROM is not before TO.
Result<report::TimeWindow> parse_window(const std::string& text);

/// Parses the values of --from and --to; an empty one was not given. Errors as for parse_window().
Result<report::TimeWindow> parse_from_to(const std::string& from, const std::string& to);

}  // namespace mprofpp::app
