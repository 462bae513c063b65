// The kernel's files. Every parser reads every input. Text that is cut short is refused, not guessed.

#include <algorithm>
#include <string>

#include "expect.hpp"
#include "mprofpp/proc/listening.hpp"
#include "mprofpp/proc/parse.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

/// Parses the text and its prefixes. Each prefix gives the same result as the whole text, or is refused.
template <class Parse>
void check_cut(std::string_view text, Parse parse) {
  const auto whole = parse(text);
  if (!whole) {
    expect(whole.error().code == Errc::malformed, "text that cannot be read is malformed");
    return;
  }
  for (std::size_t length = 0; length < text.size(); length += 1 + length / 8) {
    const auto cut = parse(text.substr(0, text.size() - length));
    expect(!cut || *cut == *whole, "a prefix is refused or gives the result of the whole text");
  }
}

bool is_one_line(std::string_view text) {
  return text.find('\n') >= text.size() - 1;
}

void check_stat(std::string_view text) {
  const auto stat = proc::parse_stat(text);
  if (!stat) return;
  expect(text.find("(" + stat->name + ")") != std::string_view::npos, "a name is in parentheses");
  expect(stat->state != ' ' && stat->state != '\n', "a state is a letter");
  // the kernel writes no parenthesis after the name; with another one a cut would give another name
  const bool one_name = std::count(text.begin(), text.end(), ')') == 1;
  if (one_name && is_one_line(text)) check_cut(text, proc::parse_stat);
}

void check_statm(std::string_view text) {
  const auto pages = proc::parse_resident_pages(text);
  if (pages) expect(*pages >= 0, "no amount of memory is negative");
  check_cut(text, proc::parse_resident_pages);
}

void check_amounts(const proc::Amounts& amounts) {
  for (const auto name : model::metric_names) {
    expect(amounts[*model::metric_of(name)] >= Bytes{}, "no amount of memory is negative");
  }
}

void check_status(std::string_view text) {
  const auto status = proc::parse_status(text);
  if (!status) return;
  expect(status->peak_rss >= Bytes{}, "no high-water mark is below zero");
  check_amounts(status->amounts);
}

void check_rollup(std::string_view text) {
  const auto rollup = proc::parse_rollup(text);
  if (!rollup) return;
  check_amounts(*rollup);
  check_cut(text, proc::parse_rollup);
}

void check_pids(std::string_view text) {
  const auto newest = proc::parse_newest_pid(text);
  if (newest) expect(*newest >= 0, "no pid is negative");
  if (is_one_line(text)) check_cut(text, proc::parse_newest_pid);
  for (const pid_t pid : proc::parse_children(text)) expect(pid > 0, "every child has a pid");
}

void check_command(std::string_view text) {
  const auto command = proc::parse_command(text);
  expect(command.find('\0') == std::string::npos, "a command line has no NUL");
  expect(command.size() <= text.size(), "a command line is not longer than its arguments");

  const auto arguments = proc::parse_arguments(text);
  std::string joined;
  for (const auto& argument : arguments) joined += argument + '\0';
  expect(proc::parse_arguments(joined) == arguments || text.ends_with('\0'),
         "arguments do not change");
  expect(arguments.empty() || text.starts_with(arguments.front()),
         "the first argument comes first");
}

void check_sockets(std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  const auto sockets = proc::parse_listening(text);
  expect(static_cast<std::ptrdiff_t>(sockets.size()) <= lines, "a line has one socket at most");
  const auto twice = proc::parse_listening(std::string(text) + "\n" + std::string(text));
  expect(twice.size() == 2 * sockets.size(), "each line is parsed alone");
}

}  // namespace

void check(std::string_view bytes) {
  check_stat(bytes);
  check_statm(bytes);
  check_status(bytes);
  check_rollup(bytes);
  check_pids(bytes);
  check_command(bytes);
  check_sockets(bytes);
}

}  // namespace mprofpp::fuzz
