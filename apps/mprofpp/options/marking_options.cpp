#include "options/marking_options.hpp"

#include <filesystem>

#include <CLI/Option.hpp>

#include "cli/layout.hpp"
#include "marks/ring_places.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {

Result<void> check_patterns(const std::string& option, const std::vector<std::string>& patterns) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const auto& pattern : patterns) {
    if (pattern.find('.') == std::string::npos || !fs::exists(pattern, ignored)) continue;
    return fail(Errc::invalid_argument, option,
                "'" + pattern + "' is a file here, not a function pattern",
                "quote the pattern, or the shell expands it: " + option + " 'app.*'");
  }
  return {};
}

void MarkingOptions::bind(CLI::App& app) {
  auto* none =
      app.add_flag("--no-marks", none_, "do not mark functions; load nothing into PROGRAM");
  bind_detail(app);
  app.add_option("--min-span", min_span_,
                 "let only calls shorter than TIME share a line\n"
                 "(default: 1ms)")
      ->type_name("TIME")
      ->excludes(app.get_option("--all-calls"));
  bind_patterns(app);
  bind_lines(app);
  app.add_flag("--allow-console", allow_console_,
               "let mprofpp console run code in PROGRAM and its children");
  for (const auto* name :
       {"--exact", "--all-calls", "--min-span", "--trace", "--no-trace", "--lines", "--lines-of",
        "--lines-peak", "--lines-reuse", "--allow-console"}) {
    app.get_option(name)->excludes(none);
  }
}

void MarkingOptions::bind_for_attach(CLI::App& app) {
  bind_patterns(app);
  bind_line_detail(app);
  bind_detail(app);
}

/// Adds the options that control how precise marks are.
void MarkingOptions::bind_detail(CLI::App& app) {
  app.add_flag("--exact", exact_,
               "read the memory again for every mark; by default marks\n"
               "less than 10 us apart share a reading");
  app.add_flag("--all-calls", all_calls_,
               "write a line for every call; by default many short\n"
               "calls of a function share one line a second");
}

/// Adds the options that select functions.
void MarkingOptions::bind_patterns(CLI::App& app) {
  app.add_option("--trace", shown_,
                 "mark the Python functions whose module.qualname\n"
                 "matches PATTERN, such as 'app.*', or '__main__.*' for a\n"
                 "script's own functions; for programs built with\n"
                 "-finstrument-functions, record only matching functions;\n"
                 "quote the pattern; may be repeated")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--no-trace", hidden_,
                 "leave out functions whose name matches PATTERN, even\n"
                 "if --trace selects them; may be repeated")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void MarkingOptions::bind_lines(CLI::App& app) {
  app.add_flag("--lines", lines_,
               "count what each line of a Python function with @profile\n"
               "adds to the memory");
  bind_line_detail(app);
}

void MarkingOptions::bind_line_detail(CLI::App& app) {
  app.add_option("--lines-of", lines_of_,
                 "count what each line of the functions whose\n"
                 "module.qualname matches PATTERN adds to the memory, and\n"
                 "mark them; quote the pattern; may be repeated")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("--lines-peak", lines_peak_,
               "count lines, and measure the largest memory within each,\n"
               "which is 10 times slower; the program reads a smaller\n"
               "ru_maxrss and VmHWM about itself");
  app.add_flag("--lines-reuse", lines_reuse_,
               "count lines, but use readings of the memory less than\n"
               "10 us old again, which is faster in tight loops");
}

std::optional<record::LineOptions> MarkingOptions::lines() const {
  if (!lines_ && lines_of_.empty() && !lines_peak_ && !lines_reuse_) return std::nullopt;
  record::LineOptions lines;
  lines.patterns = lines_of_;
  lines.with_peaks = lines_peak_;
  if (lines_reuse_) lines.readings = record::MarkReadings::reused;
  return lines;
}

Result<std::optional<record::MarkOptions>> MarkingOptions::make(const std::string& output) const {
  if (none_) return std::nullopt;
  if (const auto checked = check_patterns("--trace", shown_); !checked)
    return Failure(checked.error());
  if (const auto checked = check_patterns("--no-trace", hidden_); !checked)
    return Failure(checked.error());
  if (const auto checked = check_patterns("--lines-of", lines_of_); !checked)
    return Failure(checked.error());
  const auto rule = grouping();
  if (!rule) return Failure(rule.error());
  record::MarkOptions options;
  options.agent = find_layout().agent;
  options.places = places_for_rings(output);
  options.readings = exact_ ? record::MarkReadings::exact : record::MarkReadings::reused;
  options.selection = Selection(shown_, hidden_);
  options.grouping = *rule;
  options.lines = lines();
  if (allow_console_) options.console = record::ConsoleUse::allowed;
  return options;
}

Result<mark::GroupingRule> MarkingOptions::grouping() const {
  mark::GroupingRule rule;
  if (all_calls_) rule.shortest = std::nullopt;
  if (min_span_.empty()) return rule;
  const auto shortest = parse_duration(min_span_);
  if (!shortest || *shortest < Duration::zero()) {
    return fail(Errc::invalid_argument, "--min-span", "'" + min_span_ + "' is not a valid time",
                "write 1ms, 500us or 0.01");
  }
  rule.shortest = *shortest;
  return rule;
}

}  // namespace mprofpp::app
