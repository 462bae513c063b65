#include "mprofpp/chart/words.hpp"

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

/// `nginx: worker process`, `postgres: checkpointer`: what setproctitle leaves.
bool is_own_title(std::string_view command) {
  const auto colon = command.find(": ");
  return colon != std::string_view::npos && command.find_first_of(" /") > colon;
}

/// The first word behind the program that is no option.
std::string_view script_of(std::string_view command) {
  next_word(command);
  while (!command.empty()) {
    const auto word = next_word(command);
    // `-c code` and `-m module`: the code is no name, the module is one
    if (word == "-c") return {};
    if (!word.empty() && word[0] != '-') return base_name(word);
  }
  return {};
}

std::size_t count_of_roots(const analysis::History& history) {
  const auto roots = history.meta.find("root");
  return roots == history.meta.end() ? 1 : roots->second.size();
}

bool includes_children(const analysis::History& history) {
  const auto tree = history.setting("tree");
  if (history.meta.contains("tree")) return tree.find('C') != std::string::npos;
  if (history.meta.contains("format")) return false;
  const bool has_children = std::any_of(history.processes.begin(), history.processes.end(),
                                        [](const auto& p) { return !p.series.empty(); });
  return has_children && !history.children_exceed_total;
}

/// Hebrew to Arabic, their presentation forms, and the old scripts of the same direction.
bool is_right_to_left(char32_t code) {
  return (code >= 0x590 && code <= 0x8FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
         (code >= 0xFE70 && code <= 0xFEFF) || (code >= 0x10800 && code <= 0x10FFF) ||
         (code >= 0x1E800 && code <= 0x1EFFF);
}

std::string cut_sign(double value) {
  return value < 0 ? "−" : "+";
}

}  // namespace

std::string memory_text(double mib) {
  constexpr double most = 0x1p43;  // 63 bits of bytes
  if (!(std::abs(mib) < most)) return "unknown";
  auto text = readable(Bytes::from_mebibytes(mib));
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

std::string growth_text(double mib) {
  if (std::isnan(mib)) return "";
  if (std::abs(mib) < 0.5 / 1024) return "0";
  return cut_sign(mib) + memory_text(std::abs(mib));
}

std::string slope_text(double mib_per_second) {
  const double an_hour = std::abs(mib_per_second * 3600);
  const int decimals = an_hour >= 100 ? 0 : an_hour >= 1 ? 1 : 3;
  const auto number = fixed(an_hour, decimals);
  if (number.find_first_not_of("0.") == std::string::npos) return "0 MiB/h";
  return cut_sign(mib_per_second) + number + " MiB/h";
}

std::string moment_text(double seconds, Range shown, const TimeAxis& axis) {
  const double hundredth = std::max(shown.length() / 100, 1e-6);
  const double power = std::pow(10, std::floor(std::log10(hundredth) + 1e-9));
  if (axis.kind == TimeAxis::Kind::clock) {
    const bool is_one_day = clock_day(shown.low, axis) == clock_day(shown.high, axis);
    const auto day = is_one_day ? "" : clock_day(seconds, axis) + " ";
    return "at " + day + clock_time(seconds, std::min(power, 1.0), axis);
  }
  const auto since_start = duration_from_seconds(seconds);
  if (!since_start) return "at an unknown time";
  // of the whole recording the words are those of `peak`; a window far from the start shows more
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
  // or a number behind it would go to its left: the pid, the parent
  if (has_right_to_left) line += left_to_right_mark;
  return line;
}

std::string process_title(const analysis::ProcessHistory& process) {
  if (is_own_title(process.command)) return one_line(process.command);
  if (!is_interpreter(process.name)) return one_line(process.name);
  const auto script = script_of(process.command);
  return one_line(script.empty() ? process.name : process.name + " " + std::string(script));
}

std::string process_name(const analysis::ProcessHistory& process) {
  const auto title = process_title(process);
  const auto pid = std::to_string(process.id.pid);
  if (title.empty()) return "child " + pid;
  // the root's parent is whoever started the recording
  if (process.parent == 0 || process.is_root) return title + " " + pid;
  return title + " " + pid + " ← " + std::to_string(process.parent);
}

std::string command_text(const analysis::History& history) {
  if (!history.meta.contains("format")) return one_line(history.command);
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
  // several were attached to: without -C the line is the sum of those alone
  if (roots > 1 && !includes_children(history))
    return "total (" + std::to_string(roots) + " processes)";
  if (includes_children(history)) {
    const bool has_root = history.meta.contains("format");
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
  const auto metric = history.setting("metric");
  if (metric == "rss") return "RSS";
  if (metric == "pss") return "PSS";
  if (metric == "uss") return "USS";
  return metric.empty() ? "memory" : one_line(metric);
}

}  // namespace mprofpp::chart
