#pragma once

#include <sys/types.h>

#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/report/time_window.hpp"

namespace mprofpp::app {

/// Parses the value of --window, "FROM,TO", either of which may be left out: "1m30s,2m", "10,", ",5". Errors:
/// invalid_argument, also if FROM is not before TO.
Result<report::TimeWindow> parse_window(const std::string& text);

/// The values of --window, --from and --to; an empty one was not given.
struct WindowTexts {
  const std::string& window;
  const std::string& from;
  const std::string& to;
};
/// Errors as for parse_window(), also if there are both --window and one of the others.
Result<report::TimeWindow> parse_window_options(const WindowTexts& texts);

/// Parses the value of --pid, which selects a process of a recording. Errors: invalid_argument.
Result<pid_t> parse_recorded_pid(const std::string& text);

}  // namespace mprofpp::app
