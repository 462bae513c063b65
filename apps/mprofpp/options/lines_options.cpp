#include "options/lines_options.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include <CLI/Option.hpp>

#include "cli/hints.hpp"
#include "mprofpp/base/text.hpp"
#include "options/marking_options.hpp"

namespace mprofpp::app {
namespace {

namespace fs = std::filesystem;

constexpr int most_decimals = 15;

bool is_missing_or_decimals(const std::string& text) {
  if (text.empty()) return true;
  const auto number = parse_integer<int>(text);
  return number && *number >= 0 && *number <= most_decimals;
}

/// Checks that replace_file() will be able to write the file, as far as that can be known before.
Result<void> check_writable(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::is_directory(status)) return fail_errno(EISDIR, path, "cannot write");
  const bool is_special = fs::exists(status) && !fs::is_regular_file(status);
  auto folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  // a file is replaced by a new one, which needs its folder
  const auto& place = is_special ? fs::path(path) : folder;
  if (::access(place.c_str(), is_special ? W_OK : W_OK | X_OK) == 0) return {};
  auto failure = fail_errno(errno, path, "cannot write");
  return Failure(with_hint(Task::write_output, std::move(failure.value())));
}

Result<void> refuse_with(std::string_view option, std::string_view what, std::string_view hint) {
  return fail(Errc::invalid_argument, option, what, hint);
}

}  // namespace

void LinesOptions::bind(CLI::App& app) {
  const auto flag = [&](const char* names, bool& value, const char* text) {
    return app.add_flag(names, value, text);
  };
  app.add_option("--lines-of", lines_of_,
                 "count the lines of the functions whose module.qualname\n"
                 "matches PATTERN, too, such as 'app.*', or '__main__.*'\n"
                 "for a script's own; quote the pattern; may be repeated")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--func", function_,
                 "print only function NAME; any unambiguous suffix of its\n"
                 "name works, and so does a pattern such as 'app.*'")
      ->type_name("NAME");
  app.add_option("--precision", precision_,
                 "number of decimals (default: the decorator's precision,\n"
                 "or 3)")
      ->type_name("N");
  flag("--peak", peak_,
       "add a column: the largest memory during each line, also\n"
       "if it was given back before the line ended; 10 times\n"
       "slower, and the program reads a smaller ru_maxrss and\n"
       "VmHWM about itself");
  flag("--time", time_,
       "add a column: the time that each line took in all, without\n"
       "inner calls of the same function and without waiting");
  flag("--reuse", reuse_,
       "use readings of the memory that are less than 10 us old\n"
       "again, which is faster in tight loops");
  flag("--per-process", per_process_,
       "print a table for each process; by default one for all\n"
       "processes that ran the function");
  flag("--live", live_,
       "print the tables of a recording again whenever they\n"
       "change, until it ends");
  app.add_option("-o,--output", output_,
                 "write the tables to FILE, not to stdout; the suffixes\n"
                 ".md, .json and .html choose the format")
      ->type_name("FILE");
  auto* markdown = flag("--markdown", markdown_, "write Markdown");
  auto* json = flag("--json", json_, "write JSON, one object per function on each line");
  auto* html = flag("--html", html_, "write an HTML page with the source coloured by growth");
  markdown->excludes(json)->excludes(html);
  json->excludes(html);
  app.add_option("--save", save_, "keep the recording of the program as FILE")->type_name("FILE");
  app.add_option("--run", run_,
                 "read the N-th run of a file with several runs\n"
                 "(default: the last)")
      ->type_name("N");
}

Result<void> LinesOptions::check() const {
  if (!is_missing_or_decimals(precision_)) {
    return refuse_with("--precision", "'" + precision_ + "' is not a number from 0 to 15",
                       "the default is 3");
  }
  return output_.empty() || output_ == "-" ? Result<void>() : check_writable(output_);
}

Result<void> LinesOptions::check_for_recordings() const {
  constexpr std::string_view hint = "it is for a program that is started";
  if (!lines_of_.empty())
    return refuse_with("--lines-of", "cannot change a recording", "--func NAME selects functions");
  if (reuse_) return refuse_with("--reuse", "cannot change a recording", hint);
  if (!save_.empty()) return refuse_with("--save", "needs a program", hint);
  return check();
}

Result<void> LinesOptions::check_for_program() const {
  constexpr std::string_view hint = "it is for a recording";
  if (live_) return refuse_with("--live", "cannot be combined with a program", hint);
  if (!run_.empty()) return refuse_with("--run", "cannot be combined with a program", hint);
  if (auto checked = check_patterns("--lines-of", lines_of_); !checked) return checked;
  return check();
}

record::LineOptions LinesOptions::counting() const {
  record::LineOptions options;
  options.patterns = lines_of_;
  options.readings = reuse_ ? record::MarkReadings::reused : record::MarkReadings::exact;
  options.with_peaks = peak_;
  options.replaces_memory_profiler = true;
  return options;
}

report::LineStyle LinesOptions::style() const {
  return {.decimals = parse_integer<int>(precision_), .columns = {.peak = peak_, .time = time_}};
}

LinesFormat LinesOptions::format() const {
  if (markdown_) return LinesFormat::markdown;
  if (json_) return LinesFormat::json;
  if (html_) return LinesFormat::html;
  const auto suffix = fs::path(output_).extension();
  if (suffix == ".md") return LinesFormat::markdown;
  if (suffix == ".json" || suffix == ".jsonl") return LinesFormat::json;
  return suffix == ".html" || suffix == ".htm" ? LinesFormat::html : LinesFormat::text;
}

analysis::LineGrouping LinesOptions::grouping() const {
  return per_process_ ? analysis::LineGrouping::per_process : analysis::LineGrouping::merged;
}

}  // namespace mprofpp::app
