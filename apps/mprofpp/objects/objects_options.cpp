#include "objects/objects_options.hpp"

#include <algorithm>
#include <chrono>

#include "inspection/opened_door.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "options/terminal_look.hpp"

namespace mprofpp::app {
namespace {

constexpr std::size_t rows_without_terminal = 20;

Result<std::optional<Duration>> parse_time(const std::string& option, const std::string& text) {
  constexpr Duration shortest = std::chrono::milliseconds(100);
  constexpr Duration longest = std::chrono::hours(24 * 365);
  if (text.empty()) return std::optional<Duration>();
  const auto time = parse_duration(text);
  if (time && *time >= shortest && *time <= longest) return std::optional(*time);
  return fail(Errc::invalid_argument, option, "'" + text + "' is not a valid time",
              "write 5s or 1m; 100ms is the shortest");
}

}  // namespace

inspect::TableLook table_look(const Console& console, std::optional<std::size_t> rows,
                              int other_rows) {
  constexpr int fewest = 3;
  inspect::TableLook look{.columns = 0, .rows = rows.value_or(rows_without_terminal)};
  if (console.colours_stdout()) look.colours = inspect::TextColours::shown;
  if (!console.is_stdout_terminal()) return look;
  const auto terminal = terminal_look(console, terminal_variables());
  look.columns = static_cast<std::size_t>(terminal.columns);
  if (!rows && terminal.rows > 0)
    look.rows = static_cast<std::size_t>(std::max(fewest, terminal.rows - other_rows));
  return look;
}

Result<std::size_t> parse_count(const std::string& option, const std::string& text) {
  constexpr std::size_t most = 10000;
  const auto count = parse_integer<std::size_t>(text);
  if (count && *count > 0 && *count <= most) return *count;
  return fail(Errc::invalid_argument, option, "'" + text + "' is not a number from 1 to 10000");
}

void bind_max_pause(CLI::App& app, std::string& text) {
  app.add_option("--max-pause", text,
                 "do nothing if that would stop the program for longer\n"
                 "than TIME (default: 200ms)")
      ->type_name("TIME");
}

void ObjectsOptions::bind(CLI::App& app) {
  app.add_option("-n,--rows", rows_text_,
                 "print N rows, or all (default: those that fit on the\n"
                 "terminal, else 20)")
      ->type_name("N");
  app.add_option("--every", every_text_, "look again every TIME, until Ctrl-C")->type_name("TIME");
  app.add_option("-t,--timeout", timeout_text_,
                 "with --every: stop after TIME; with --around: wait for a\n"
                 "call for TIME at most (default: 1m)")
      ->type_name("TIME");
  app.add_flag("--sizes", sizes_,
               "also count what the garbage collector does not track:\n"
               "str, bytes, int, …");
  app.add_flag("--containers", containers_,
               "print the longest lists, dicts, sets and deque objects,\n"
               "and the names that lead to them");
  app.add_option("--type", type_, "print the largest objects of TYPE")->type_name("TYPE");
  app.add_option("--of", of_,
                 "count only what EXPRESSION holds, such as main.cache\n"
                 "or \"main.cache['key']\"")
      ->type_name("EXPRESSION");
  app.add_option("--around", around_,
                 "count when the next call of a function starts and when\n"
                 "it has ended; PATTERN is as for run --trace: 'app.up*'")
      ->type_name("PATTERN");
  app.add_option("--calls", calls_text_, "with --around: the next N calls, one by one")
      ->type_name("N");
  app.add_flag("--repr", repr_,
               "with --type: also show the values that only the\n"
               "program's own __repr__ knows, which runs then");
  app.add_flag("-C,--all-processes", children_, "also of the descendants of these processes");
  app.add_flag("--json", json_, "print one JSON object per process on each line");
  bind_max_pause(app, pause_text_);
  app.add_flag("-v,--verbose", verbose_, "also print how long the program has waited for it");
}

Result<void> ObjectsOptions::check() {
  const auto every = parse_time("--every", every_text_);
  if (!every) return Failure(every.error());
  const auto timeout = parse_time("--timeout", timeout_text_);
  if (!timeout) return Failure(timeout.error());
  const auto pause = parse_max_pause(pause_text_);
  if (!pause) return Failure(pause.error());
  every_ = *every;
  timeout_ = *timeout;
  pause_ = *pause;
  if (rows_text_ == "all") {
    rows_ = 0;
  } else if (!rows_text_.empty()) {
    const auto rows = parse_count("--rows", rows_text_);
    if (!rows) return Failure(rows.error());
    rows_ = *rows;
  }
  if (!calls_text_.empty()) {
    const auto calls = parse_count("--calls", calls_text_);
    if (!calls) return Failure(calls.error());
    calls_ = *calls;
  }
  return check_combination();
}

Result<void> ObjectsOptions::check_around() const {
  if (!calls_text_.empty() && around_.empty())
    return fail(Errc::invalid_argument, "--calls", "needs --around",
                "--around 'app.upload*' --calls 3");
  if (around_.empty()) return {};
  if (around_.find('\n') != std::string::npos)
    return fail(Errc::invalid_argument, "--around", "the pattern has several lines");
  if (every_ || !type_.empty() || children_ || repr_)
    return fail(Errc::invalid_argument, "--around",
                "does not go with --every, --type, --repr or --all-processes");
  return {};
}

Result<void> ObjectsOptions::check_combination() const {
  if (auto around = check_around(); !around) return around;
  if (timeout_ && !every_ && around_.empty())
    return fail(Errc::invalid_argument, "--timeout", "needs --every or --around",
                "--every 5s -t 1m");
  if (!type_.empty() && (containers_ || sizes_ || !of_.empty()))
    return fail(Errc::invalid_argument, "--type",
                "lists objects of one type; --sizes, --containers and --of count all types");
  if (repr_ && type_.empty())
    return fail(Errc::invalid_argument, "--repr", "needs --type", "--type app.User --repr");
  if (of_.find('\n') != std::string::npos)
    return fail(Errc::invalid_argument, "--of", "the expression has several lines");
  return {};
}

inspect::CensusOptions ObjectsOptions::census() const {
  return {.has_untracked = sizes_, .has_containers = containers_, .of = of_, .patience = pause_};
}

std::string ObjectsOptions::kind_of_look() const {
  const char* const what = containers_ ? "containers" : "types";
  return std::string(what) + (sizes_ ? " sizes" : "") + " of " + of_;
}

std::string ObjectsOptions::option_for_programs() const {
  if (every_) return "--every";
  if (!around_.empty()) return "--around";
  if (sizes_) return "--sizes";
  if (containers_) return "--containers";
  if (!of_.empty()) return "--of";
  return repr_ ? "--repr" : "";
}

}  // namespace mprofpp::app
