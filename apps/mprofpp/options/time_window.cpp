#include "options/time_window.hpp"

#include <optional>
#include <string_view>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {
namespace {

using report::TimeWindow;

/// The options of a window, and how to write them.
struct Place {
  std::string options;
  const char* hint;
};

Failure refuse(const Place& place, const std::string& why) {
  return fail(Errc::invalid_argument, place.options, why, place.hint);
}

/// Parses one end of a window; an empty text means no limit.
Result<std::optional<Duration>> parse_end(const Place& place, std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto parsed = parse_duration(text);
  if (!parsed) return refuse(place, std::string(text) + " is not a valid time");
  return *parsed;
}

Result<TimeWindow> window_of(const Place& place, std::string_view from, std::string_view to) {
  const auto begin = parse_end(place, from);
  if (!begin) return Failure(begin.error());
  const auto end = parse_end(place, to);
  if (!end) return Failure(end.error());
  if (*end && *begin == *end) return refuse(place, "is empty: both ends are the same");
  if (*end && (*begin).value_or(Duration::zero()) > **end) {
    return refuse(place, std::string(from.empty() ? "0" : from) + " is after " + std::string(to));
  }
  return TimeWindow{*begin, *end};
}

Result<TimeWindow> parse_from_to(const std::string& from, const std::string& to) {
  Place place{"", "such as --from 10 --to 1m30s"};
  if (!from.empty()) place.options = "--from " + from;
  if (!to.empty()) place.options += (from.empty() ? "--to " : " --to ") + to;
  return window_of(place, trim(from), trim(to));
}

}  // namespace

Result<TimeWindow> parse_window(const std::string& text) {
  const Place place{"--window " + text, "write FROM,TO, such as 10,20 or 1m30s,2m"};
  const auto comma = text.find(',');
  if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) {
    return refuse(place, "is not two times separated by a comma");
  }
  return window_of(place, trim(std::string_view(text).substr(0, comma)),
                   trim(std::string_view(text).substr(comma + 1)));
}

Result<TimeWindow> parse_window_options(const WindowTexts& texts) {
  if (texts.window.empty()) return parse_from_to(texts.from, texts.to);
  if (texts.from.empty() && texts.to.empty()) return parse_window(texts.window);
  return fail(Errc::invalid_argument, "--window " + texts.window,
              "cannot be combined with --from and --to", "--window FROM,TO has both ends");
}

Result<pid_t> parse_recorded_pid(const std::string& text) {
  const auto pid = parse_integer<pid_t>(text);
  if (pid && *pid > 0) return *pid;
  return fail(Errc::invalid_argument, "--pid " + text, "is not a pid",
              "mprofpp peak -M FILE shows the pids");
}

}  // namespace mprofpp::app
