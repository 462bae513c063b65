#include "marking_options.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <CLI/Option.hpp>

#include "layout.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {
namespace {

namespace fs = std::filesystem;

/// A name with a % is made up later, its folder maybe too: then it is the one we are in.
std::string folder_of(const std::string& output) {
  const auto parent =
      output.find('%') == std::string::npos ? fs::path(output).parent_path() : fs::path();
  std::error_code error;
  return fs::absolute(parent.empty() ? fs::path(".") : parent, error).lexically_normal().string();
}

/// Where rings may be, which are memory: best in a file system that is. The second belongs to one
/// user and is closed to those whom root's programs may become.
std::vector<std::string> places_for_rings(const std::string& output) {
  std::vector<std::string> places = {"/dev/shm"};
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const bool is_absolute = runtime != nullptr && runtime[0] == '/';
  if (is_absolute && ::geteuid() != 0) places.emplace_back(runtime);
  places.push_back(folder_of(output));
  return places;
}

/// `--trace app.*` without quotes: where there is an app.py, that is what the shell hands on. A name
/// without a dot may be that of the program and of a function, as main is.
Result<void> check_patterns(const std::string& option, const std::vector<std::string>& patterns) {
  std::error_code ignored;
  for (const auto& pattern : patterns) {
    if (pattern.find('.') == std::string::npos || !fs::exists(pattern, ignored)) continue;
    return fail(Errc::invalid_argument, option,
                "'" + pattern + "' is a file here, not a pattern of functions",
                "quotes keep a pattern from the shell: " + option + " 'app.*'");
  }
  return {};
}

}  // namespace

void MarkingOptions::bind(CLI::App& app) {
  auto* none = app.add_flag("--no-marks", none_, "no marks of functions: PROGRAM is left alone");
  app.add_flag("--exact", exact_, "read the memory anew for every mark, however close they are")
      ->excludes(none);
  auto* all = app.add_flag("--all-calls", all_calls_,
                           "a line for every call, never one for many short ones");
  all->excludes(none);
  app.add_option("--min-span", min_span_, "calls shorter than TIME may share a line (1ms)")
      ->type_name("TIME")
      ->excludes(none)
      ->excludes(all);
  app.add_option("--trace", shown_,
                 "show functions whose name matches PATTERN, in quotes: 'app.*';\n"
                 "any of Python, of instrumented ones in C and C++ only these")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->excludes(none);
  app.add_option("--no-trace", hidden_, "not those whose name matches PATTERN")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->excludes(none);
}

Result<std::optional<record::MarkOptions>> MarkingOptions::make(const std::string& output) const {
  if (none_) return std::nullopt;
  if (const auto checked = check_patterns("--trace", shown_); !checked)
    return Failure(checked.error());
  if (const auto checked = check_patterns("--no-trace", hidden_); !checked)
    return Failure(checked.error());
  const auto rule = grouping();
  if (!rule) return Failure(rule.error());
  record::MarkOptions options;
  options.agent = find_layout().agent;
  options.places = places_for_rings(output);
  options.readings = exact_ ? record::MarkReadings::exact : record::MarkReadings::reused;
  options.selection = Selection(shown_, hidden_);
  options.grouping = *rule;
  return options;
}

Result<mark::GroupingRule> MarkingOptions::grouping() const {
  mark::GroupingRule rule;
  if (all_calls_) rule.shortest = std::nullopt;
  if (min_span_.empty()) return rule;
  const auto shortest = parse_duration(min_span_);
  if (!shortest || *shortest < Duration::zero()) {
    return fail(Errc::invalid_argument, "--min-span", "'" + min_span_ + "' is no time",
                "write 1ms, 500us or 0.01");
  }
  rule.shortest = *shortest;
  return rule;
}

}  // namespace mprofpp::app
