#include "mprofpp/chart/labels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::chart {
namespace {

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_interpreter(std::string_view program) {
  constexpr std::array names = {"python", "pypy", "ruby", "node", "perl",
                                "php",    "java", "bash", "dash", "sh"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    if (!program.starts_with(name)) return false;
    return program.find_first_not_of("0123456789.", name.size()) == std::string_view::npos;
  });
}

// the number of bytes that the kernel stores of a process's name
constexpr std::size_t longest_kernel_name = 15;

/// Returns true if the kernel's name of a process is that of the file, which the kernel may have cut short.
bool is_name_of(std::string_view name, std::string_view file) {
  return name == file || (name.size() == longest_kernel_name && file.starts_with(name));
}

/// Returns the program of the first argument. A login shell is started as `-bash`.
std::string_view program_of(std::string_view argument) {
  if (argument.starts_with('-')) argument.remove_prefix(1);
  return base_name(argument);
}

/// Returns true if a command line is a title that the process gave itself: `nginx: worker process`,
/// `[celeryd: host]`, `dask worker [tcp://…]`, which is also its name in the kernel, or
/// `shop uWSGI worker 1`, which starts neither with a path nor with the program that runs.
bool is_own_title(std::string_view name, std::string_view command) {
  const auto colon = command.find(": ");
  if (colon != std::string_view::npos && command.find_first_of(" /") > colon) return true;
  if (command.starts_with('[')) return true;
  if (name.find(' ') != std::string_view::npos && command.starts_with(name)) return true;
  auto rest = command;
  const auto first = next_word(rest);
  const auto second = next_word(rest);
  if (name.empty() || first.empty() || first.find('/') != std::string_view::npos) return false;
  const auto program = program_of(first);
  const bool is_program =
      name.starts_with(program) || is_name_of(name, program) || is_name_of(name, base_name(second));
  return !is_program && !is_interpreter(program);
}

/// Returns the file name of the first argument that is not an option; empty after `-c`.
std::string_view script_of(std::string_view command) {
  next_word(command);
  while (!command.empty()) {
    const auto argument = next_word(command);
    // `-c code` and `-m module`: the code is not a name, the module is
    if (argument == "-c") return {};
    if (!argument.empty() && argument[0] != '-') return base_name(argument);
  }
  return {};
}

/// Returns the kernel's name of a process, completed from the command line if the kernel cut it short: from
/// the program, or from the script that an interpreter runs.
std::string_view whole_name(std::string_view name, std::string_view command) {
  for (const auto file : {program_of(next_word(command)), base_name(next_word(command))}) {
    if (is_name_of(name, file)) return file;
  }
  return name;
}

std::size_t count_of_roots(const analysis::History& history) {
  return std::max<std::size_t>(1, history.settings.roots.size());
}

/// Returns true for Hebrew to Arabic, their presentation forms, and ancient scripts of the same direction.
bool is_right_to_left(char32_t code) {
  return (code >= 0x590 && code <= 0x8FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
         (code >= 0xFE70 && code <= 0xFEFF) || (code >= 0x10800 && code <= 0x10FFF) ||
         (code >= 0x1E800 && code <= 0x1EFFF);
}

}  // namespace

std::string moment_text(double seconds, Range shown, const TimeAxis& axis) {
  // a single moment needs no digits to distinguish it from others
  const double hundredth = shown.length() > 0 ? std::max(shown.length() / 100, 1e-6) : 1;
  const double power = std::pow(10, std::floor(std::log10(hundredth) + 1e-9));
  if (axis.kind == TimeAxis::Kind::clock) {
    const bool is_one_day = clock_day(shown.low, axis) == clock_day(shown.high, axis);
    const auto day = is_one_day ? "" : clock_day(seconds, axis) + " ";
    return "at " + day + clock_time(seconds, std::min(power, 1.0), axis);
  }
  const auto since_start = duration_from_seconds(seconds);
  if (!since_start) return "at an unknown time";
  // the text is that of `mprofpp peak`; only a window far from the start needs more digits
  const bool is_far = seconds > shown.length();
  const auto precision = is_far ? duration_from_seconds(std::min(power, 1.0)) : std::nullopt;
  return "at " + readable_moment(*since_start, precision.value_or(Duration::max()));
}

std::string one_line(std::string_view text) {
  constexpr std::string_view left_to_right_mark = "\u200E";
  const auto valid = to_valid_utf8(text);
  std::string line;
  bool has_right_to_left = false;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto code = first_code(rest);
    const auto length = utf8_length(rest);
    line += is_control(code) ? " " : rest.substr(0, length);
    has_right_to_left = has_right_to_left || is_right_to_left(code);
    rest.remove_prefix(length);
  }
  // without it a number that follows, such as the pid, would move to the left of the text
  if (has_right_to_left) line += left_to_right_mark;
  return line;
}

std::string process_title(const analysis::ProcessHistory& process) {
  const auto command = trim(process.command);
  if (is_own_title(process.name, command)) return one_line(command);
  const std::string name(whole_name(process.name, command));
  if (!is_interpreter(name)) return one_line(name);
  const auto script = script_of(command);
  return one_line(script.empty() ? name : name + " " + std::string(script));
}

std::string short_process_name(const analysis::ProcessHistory& process) {
  const auto title = process_title(process);
  return (title.empty() ? "child" : title) + " " + std::to_string(process.id.pid);
}

std::string process_name(const analysis::ProcessHistory& process) {
  auto name = short_process_name(process);
  // the parent of the root is not part of the recording
  const bool has_parent = process.parent != 0 && !process.is_root;
  if (!has_parent || process_title(process).empty()) return name;
  return name + " ← " + std::to_string(process.parent);
}

std::string command_text(const analysis::History& history) {
  if (!history.settings.format) return one_line(history.command);
  std::string text;
  for (std::size_t i = 0; i < history.command.size(); ++i) {
    if (history.command.compare(i, 2, "\\$") == 0) continue;
    text += history.command[i];
  }
  return one_line(text);
}

std::string total_name(const analysis::History& history) {
  const auto count = history.processes.size();
  const auto roots = count_of_roots(history);
  // several processes were attached to: without -C the line is the sum of only those
  if (roots > 1 && !history.includes_children())
    return "total (" + std::to_string(roots) + " processes)";
  if (history.includes_children()) {
    const bool has_root = history.settings.format.has_value();
    const auto processes = count + (has_root ? 0 : 1);
    if (processes > 1) return "total (" + std::to_string(processes) + " processes)";
    if (count == 0) return "total";
  }
  for (const auto& process : history.processes) {
    if (!process.name.empty()) return process_title(process) + " " + std::to_string(process.id.pid);
  }
  auto command = history.command;
  std::string_view rest = command;
  const auto program = base_name(next_word(rest));
  return program.empty() ? "MEM" : one_line(program);
}

std::string metric_name(const analysis::History& history) {
  if (!history.settings.metric) return "memory";
  return upper(name_of(*history.settings.metric));
}

}  // namespace mprofpp::chart
