#include "mprofpp/proc/parse.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::proc {
namespace {

Failure cut_short(std::string_view file) {
  return fail(Errc::malformed, file, "is truncated");
}

/// Returns word number `index` of `text`. Another character must follow it, so that a number that
/// is cut in two is not taken for a smaller one.
std::optional<std::string_view> whole_word(std::string_view text, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    text.remove_prefix(space + 1);
  }
  const auto end = text.find_first_of(" \n");
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

template <class T>
bool read_word(std::string_view text, std::size_t index, T& value) {
  const auto word = whole_word(text, index);
  const auto number = word ? parse_integer<T>(*word) : std::nullopt;
  if (number) value = *number;
  return number.has_value();
}

/// Returns the value of `key` in "Key:\tvalue\n" lines; nothing if the line is missing or incomplete.
std::optional<std::string_view> value_of(std::string_view text, std::string_view key) {
  std::size_t begin = text.starts_with(key) ? 0 : std::string_view::npos;
  if (begin == std::string_view::npos) {
    const std::string line_start = "\n" + std::string(key);
    begin = text.find(line_start);
    if (begin == std::string_view::npos) return std::nullopt;
    ++begin;
  }
  const auto value = text.substr(begin + key.size());
  const auto end = value.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  return trim(value.substr(0, end));
}

template <class T>
std::optional<T> integer_of(std::string_view text, std::string_view key) {
  const auto value = value_of(text, key);
  return value ? parse_integer<T>(value->substr(0, value->find(' '))) : std::nullopt;
}

/// Returns the amount of a "Key:\t 123 kB\n" line; nothing if no memory can be that large.
std::optional<Bytes> kibibytes_of(std::string_view text, std::string_view key) {
  constexpr std::int64_t most = std::int64_t{1} << 50;  // the sum of two still fits as bytes
  const auto kibibytes = integer_of<std::int64_t>(text, key);
  if (!kibibytes || *kibibytes < 0 || *kibibytes > most) return std::nullopt;
  return Bytes::from_kibibytes(*kibibytes);
}

Bytes bytes_of(std::string_view text, std::string_view key) {
  return kibibytes_of(text, key).value_or(Bytes{});
}

/// Reverses the escapes that the kernel uses for a name in status: \n and \\.
std::string unescape_name(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      text += name[i];
    } else if (const char next = name[++i]; next == 'n') {
      text += '\n';
    } else {
      text += next;
    }
  }
  return text;
}

/// Returns true if the value of hidepid at the front of `text` hides no process. It is a number or,
/// from Linux 5.8 on, a word.
bool is_off(std::string_view text) {
  const auto value = text.substr(0, text.find_first_of(", "));
  return value == "0" || value == "off";
}

}  // namespace

Result<Stat> parse_stat(std::string_view text) {
  // the name is in parentheses and may contain some itself: the last one closes it
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || open == 0 || close == std::string_view::npos ||
      close + 2 > text.size()) {
    return cut_short("stat");
  }
  Stat stat;
  const auto pid = parse_integer<pid_t>(text.substr(0, open - 1));
  if (!pid || close < open) return cut_short("stat");
  stat.pid = *pid;
  stat.name = std::string(text.substr(open + 1, close - open - 1));

  // proc(5) counts fields from 1; the first one after the name is field 3
  const auto rest = text.substr(close + 2);
  const auto field = [](std::size_t number) { return number - 3; };
  const auto state = whole_word(rest, field(3));
  const bool whole = state && state->size() == 1 && read_word(rest, field(4), stat.parent) &&
                     read_word(rest, field(11), stat.child_minor_faults) &&
                     read_word(rest, field(13), stat.child_major_faults) &&
                     read_word(rest, field(20), stat.threads) &&
                     read_word(rest, field(22), stat.start);
  if (!whole) return cut_short("stat");
  stat.state = state->front();
  return stat;
}

Result<std::int64_t> parse_resident_pages(std::string_view text) {
  const auto first_space = text.find(' ');
  if (first_space == std::string_view::npos) return cut_short("statm");
  text.remove_prefix(first_space + 1);
  const auto second_space = text.find(' ');
  if (second_space == std::string_view::npos) return cut_short("statm");
  constexpr std::int64_t most = std::int64_t{1} << 46;  // fits in 64 bits as bytes for any page
  const auto pages = parse_integer<std::int64_t>(text.substr(0, second_space));
  if (!pages || *pages < 0 || *pages > most) {
    return fail(Errc::malformed, "statm", "has no number of resident pages");
  }
  return *pages;
}

Result<Shape> parse_shape(std::string_view statm) {
  Shape shape;
  const bool whole = read_word(statm, 0, shape.size) && read_word(statm, 3, shape.code);
  if (!whole) return cut_short("statm");
  return shape;
}

Result<std::uint64_t> parse_stack_start(std::string_view stat) {
  const auto close = stat.rfind(')');
  if (close == std::string_view::npos || close + 2 > stat.size()) return cut_short("stat");
  std::uint64_t start = 0;
  constexpr std::size_t field = 28;  // proc(5) counts from 1; field 3 follows the name
  if (!read_word(stat.substr(close + 2), field - 3, start)) return cut_short("stat");
  return start;
}

Result<Status> parse_status(std::string_view text) {
  const auto name = value_of(text, "Name:");
  const auto thread_group = integer_of<pid_t>(text, "Tgid:");
  const auto threads = integer_of<int>(text, "Threads:");
  if (!name || !thread_group || !threads) return cut_short("status");
  Status status;
  status.name = unescape_name(*name);
  status.thread_group = *thread_group;
  status.threads = *threads;
  status.peak_rss = bytes_of(text, "VmHWM:");
  status.peak_vms = bytes_of(text, "VmPeak:");
  status.amounts[Metric::rss] = bytes_of(text, "VmRSS:");
  status.amounts[Metric::vms] = bytes_of(text, "VmSize:");
  status.amounts[Metric::swap] = bytes_of(text, "VmSwap:");
  status.amounts[Metric::anon] = bytes_of(text, "RssAnon:");
  status.amounts[Metric::file] = bytes_of(text, "RssFile:") + bytes_of(text, "RssShmem:");
  status.seccomp_filters = integer_of<std::uint64_t>(text, "Seccomp_filters:").value_or(0);
  status.innermost_pid = *thread_group;
  if (const auto pids = value_of(text, "NSpid:")) {
    const auto innermost = parse_integer<pid_t>(pids->substr(pids->rfind('\t') + 1));
    status.innermost_pid = innermost.value_or(*thread_group);
  }
  return status;
}

Result<Amounts> parse_rollup(std::string_view text) {
  const auto rss = kibibytes_of(text, "Rss:");
  const auto pss = kibibytes_of(text, "Pss:");
  const auto clean = kibibytes_of(text, "Private_Clean:");
  const auto dirty = kibibytes_of(text, "Private_Dirty:");
  if (!rss || !pss || !clean || !dirty) return cut_short("smaps_rollup");
  Amounts amounts;
  amounts[Metric::rss] = *rss;
  amounts[Metric::pss] = *pss;
  amounts[Metric::uss] = *clean + *dirty;
  return amounts;
}

Result<pid_t> parse_newest_pid(std::string_view text) {
  const auto newest = text.ends_with('\n') ? text.substr(0, text.size() - 1) : std::string_view{};
  const auto space = newest.rfind(' ');
  const auto pid =
      parse_integer<pid_t>(newest.substr(space == std::string_view::npos ? 0 : space + 1));
  if (!pid || *pid < 0) return cut_short("loadavg");
  return *pid;
}

bool hides_processes(std::string_view mountinfo) {
  constexpr std::size_t mount_point = 4;
  bool hides = false;
  for_each_line(mountinfo, [&](std::string_view line) {
    if (whole_word(line, mount_point) != "/proc") return;
    const auto option = line.find("hidepid=");  // the last mount covers those before it
    hides = option != std::string_view::npos && !is_off(line.substr(option + 8));
  });
  return hides;
}

std::vector<pid_t> parse_children(std::string_view text) {
  std::vector<pid_t> pids;
  while (!text.empty()) {
    // the kernel lists a child that is invisible in our pid namespace as 0
    const auto pid = parse_integer<pid_t>(next_word(text));
    if (pid && *pid > 0) pids.push_back(*pid);
  }
  return pids;
}

std::string parse_command(std::string_view text) {
  while (text.ends_with('\0') || text.ends_with(' ')) text.remove_suffix(1);
  std::string command(text);
  std::replace(command.begin(), command.end(), '\0', ' ');
  return command;
}

std::vector<std::string> parse_arguments(std::string_view text) {
  // one NUL ends the last argument; more of them are the rest of a longer command line
  const bool padded = text.ends_with(std::string_view("\0\0", 2));
  while (padded && text.ends_with('\0')) text.remove_suffix(1);
  if (!padded && text.ends_with('\0')) text.remove_suffix(1);
  std::vector<std::string> arguments;
  while (!text.empty()) {
    const auto end = text.find('\0');
    arguments.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return arguments;
}

std::optional<std::string_view> variable_in(std::string_view environment, std::string_view name) {
  while (!environment.empty()) {
    const auto entry = environment.substr(0, environment.find('\0'));
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
      return entry.substr(name.size() + 1);
    }
    environment.remove_prefix(std::min(environment.size(), entry.size() + 1));
  }
  return std::nullopt;
}

}  // namespace mprofpp::proc
