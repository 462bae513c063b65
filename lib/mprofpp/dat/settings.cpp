#include "mprofpp/dat/settings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "mprofpp/base/text.hpp"

namespace mprofpp::dat {
namespace {

using model::Settings;
using Values = std::vector<std::string>;

// Each setting is written and read by a pair of functions. `write` returns no values if the setting
// is not set. `read` gets at least one value.

template <class T>
Values when_set(const std::optional<T>& value, std::string (*text)(const T&)) {
  return value ? Values{text(*value)} : Values{};
}

template <class T>
MetaReading store(std::optional<T> value, std::optional<T>& setting) {
  setting = std::move(value);
  return setting ? MetaReading::understood : MetaReading::malformed;
}

Values word_if(bool is_set, std::string_view word) {
  return is_set ? Values{std::string(word)} : Values{};
}

MetaReading store_if(std::string_view word, const Values& values, bool& setting) {
  setting = values.front() == word;
  return setting ? MetaReading::understood : MetaReading::unknown;
}

std::string number(const int& value) {
  return std::to_string(value);
}
std::string count(const std::uint64_t& value) {
  return std::to_string(value);
}
std::string itself(const std::string& value) {
  return value;
}

std::string seconds(const Duration& value) {
  return fixed(to_seconds(value), 6);
}

std::optional<Duration> to_duration(std::string_view text) {
  const auto value = parse_number(text);
  return value && *value >= 0 ? duration_from_seconds(*value) : std::nullopt;
}

std::string time(const Instant& value) {
  return fixed(to_seconds(value), 6);
}

std::optional<Instant> to_instant(std::string_view text) {
  const auto value = parse_number(text);
  return value ? instant_from_seconds(*value) : std::nullopt;
}

std::string mebibytes(const Bytes& value) {
  return fixed(value.mebibytes(), 6);
}

std::optional<Bytes> to_memory(std::string_view text) {
  constexpr double most = 0x1p43;  // 63 bits of bytes
  const auto value = parse_number(text);
  return value && std::abs(*value) < most ? std::optional(Bytes::from_mebibytes(*value))
                                          : std::nullopt;
}

std::string bytes(const Bytes& value) {
  return std::to_string(value.count());
}

std::optional<Bytes> to_bytes(std::string_view text) {
  const auto value = parse_integer<std::int64_t>(text);
  return value ? std::optional(Bytes(*value)) : std::nullopt;
}

std::string letters(const model::Children& children) {
  return std::string(sums(children) ? "C" : "") + (lists(children) ? "M" : "");
}

std::optional<model::Children> to_children(std::string_view letters) {
  using model::Children;
  const bool is_summed = letters.find('C') != std::string_view::npos;
  const bool is_apart = letters.find('M') != std::string_view::npos;
  if (is_summed) return is_apart ? Children::summed_and_apart : Children::summed;
  return is_apart ? Children::apart : Children::left_out;
}

Values names(const std::vector<model::Metric>& metrics) {
  Values texts;
  for (const auto metric : metrics) texts.emplace_back(name_of(metric));
  return texts;
}

/// Skips metrics of a later version. If there are no others, the whole line is of that version.
MetaReading read_metrics(const Values& names, Settings& settings) {
  settings.metrics.clear();
  for (const auto& name : names) {
    if (const auto metric = model::metric_of(name)) settings.metrics.push_back(*metric);
  }
  return settings.metrics.empty() ? MetaReading::unknown : MetaReading::understood;
}

MetaReading read_metric(const Values& values, Settings& settings) {
  settings.metric = model::metric_of(values.front());
  return settings.metric ? MetaReading::understood : MetaReading::unknown;
}

Values pids(const std::vector<pid_t>& roots) {
  Values texts;
  for (const pid_t pid : roots) texts.push_back(std::to_string(pid));
  return texts;
}

MetaReading read_roots(const Values& values, Settings& settings) {
  for (const auto& value : values) {
    const auto pid = parse_integer<pid_t>(value);
    if (!pid) return MetaReading::malformed;
    settings.roots.push_back(*pid);
  }
  return MetaReading::understood;
}

/// metric=seconds, a field each.
Values costs(const std::vector<model::MetricCost>& metric_costs) {
  Values texts;
  for (const auto& [metric, each] : metric_costs) {
    texts.push_back(std::string(name_of(metric)) + "=" + seconds(each));
  }
  return texts;
}

/// Skips costs that it cannot read. If there are no others, the whole line is of a later version.
MetaReading read_costs(const Values& values, Settings& settings) {
  for (const std::string_view cost : values) {
    const auto sign = cost.find('=');
    if (sign == std::string_view::npos) continue;
    const auto metric = model::metric_of(cost.substr(0, sign));
    const auto each = to_duration(cost.substr(sign + 1));
    if (metric && each) settings.metric_costs.push_back({*metric, *each});
  }
  return settings.metric_costs.empty() ? MetaReading::unknown : MetaReading::understood;
}

constexpr std::string_view exact_lines = "exact";
constexpr std::string_view reusing_lines = "reuse";
constexpr std::string_view line_peaks = "peaks";

Values counted_lines(const std::optional<model::CountedLines>& lines) {
  if (!lines) return {};
  Values texts{std::string(lines->reused_readings ? reusing_lines : exact_lines)};
  if (lines->with_peaks) texts.emplace_back(line_peaks);
  return texts;
}

MetaReading read_counted_lines(const Values& values, Settings& settings) {
  if (values[0] != exact_lines && values[0] != reusing_lines) return MetaReading::unknown;
  const bool with_peaks = std::find(values.begin(), values.end(), line_peaks) != values.end();
  settings.lines = {values[0] == reusing_lines, with_peaks};
  return MetaReading::understood;
}

struct Setting {
  std::string_view key;
  Values (*write)(const Settings&);
  MetaReading (*read)(const Values&, Settings&);
};

constexpr std::array all_settings = {
    Setting{"format", [](const Settings& s) { return when_set(s.format, number); },
            [](const Values& v, Settings& s) { return store(parse_integer<int>(v[0]), s.format); }},
    Setting{"version", [](const Settings& s) { return when_set(s.version, itself); },
            [](const Values& v, Settings& s) { return store(std::optional(v[0]), s.version); }},
    Setting{"interval", [](const Settings& s) { return when_set(s.interval, seconds); },
            [](const Values& v, Settings& s) { return store(to_duration(v[0]), s.interval); }},
    Setting{"metric", [](const Settings& s) { return s.metric ? names({*s.metric}) : Values{}; },
            read_metric},
    Setting{"metrics", [](const Settings& s) { return names(s.metrics); }, read_metrics},
    Setting{"sparse", [](const Settings& s) { return when_set(s.sparse, bytes); },
            [](const Values& v, Settings& s) { return store(to_bytes(v[0]), s.sparse); }},
    Setting{"host", [](const Settings& s) { return when_set(s.host, itself); },
            [](const Values& v, Settings& s) { return store(std::optional(v[0]), s.host); }},
    Setting{"host_memory", [](const Settings& s) { return when_set(s.host_memory, mebibytes); },
            [](const Values& v, Settings& s) { return store(to_memory(v[0]), s.host_memory); }},
    Setting{"page_size", [](const Settings& s) { return when_set(s.page_size, bytes); },
            [](const Values& v, Settings& s) { return store(to_bytes(v[0]), s.page_size); }},
    Setting{"start", [](const Settings& s) { return when_set(s.start, time); },
            [](const Values& v, Settings& s) { return store(to_instant(v[0]), s.start); }},
    Setting{"root", [](const Settings& s) { return pids(s.roots); }, read_roots},
    Setting{"tree", [](const Settings& s) { return when_set(s.children, letters); },
            [](const Values& v, Settings& s) { return store(to_children(v[0]), s.children); }},
    Setting{"argv", [](const Settings& s) { return s.argv; },
            [](const Values& v, Settings& s) {
              s.argv = v;
              return MetaReading::understood;
            }},
    Setting{"argv_more", [](const Settings& s) { return when_set(s.argv_left_out, count); },
            [](const Values& v, Settings& s) {
              return store(parse_integer<std::uint64_t>(v[0]), s.argv_left_out);
            }},
    Setting{"marks", [](const Settings& s) { return word_if(s.without_marks, "none"); },
            [](const Values& v, Settings& s) { return store_if("none", v, s.without_marks); }},
    Setting{"readings", [](const Settings& s) { return word_if(s.exact_readings, "exact"); },
            [](const Values& v, Settings& s) { return store_if("exact", v, s.exact_readings); }},
    Setting{"calls", [](const Settings& s) { return word_if(s.lists_all_calls, "all"); },
            [](const Values& v, Settings& s) { return store_if("all", v, s.lists_all_calls); }},
    Setting{"min_span", [](const Settings& s) { return when_set(s.shortest_listed_call, seconds); },
            [](const Values& v, Settings& s) {
              return store(to_duration(v[0]), s.shortest_listed_call);
            }},
    Setting{"trace", [](const Settings& s) { return s.traced; },
            [](const Values& v, Settings& s) {
              s.traced = v;
              return MetaReading::understood;
            }},
    Setting{"no_trace", [](const Settings& s) { return s.untraced; },
            [](const Values& v, Settings& s) {
              s.untraced = v;
              return MetaReading::understood;
            }},
    Setting{"lines", [](const Settings& s) { return counted_lines(s.lines); }, read_counted_lines},
    Setting{"lines_of", [](const Settings& s) { return s.lines_of; },
            [](const Values& v, Settings& s) {
              s.lines_of = v;
              return MetaReading::understood;
            }},
    Setting{"objects", [](const Settings& s) { return when_set(s.objects, seconds); },
            [](const Values& v, Settings& s) { return store(to_duration(v[0]), s.objects); }},
    Setting{"metric_cost", [](const Settings& s) { return costs(s.metric_costs); }, read_costs},
};

constexpr std::string_view late_name_key = "name";

MetaReading read_late_name(const Values& values, Settings& settings) {
  if (values.size() < 2) return MetaReading::malformed;
  settings.late_names.push_back({values[0], values[1]});
  return MetaReading::understood;
}

}  // namespace

std::vector<MetaLine> meta_lines(const model::Settings& settings) {
  std::vector<MetaLine> lines;
  for (const auto& setting : all_settings) {
    auto values = setting.write(settings);
    if (!values.empty()) lines.push_back({std::string(setting.key), std::move(values)});
  }
  for (const auto& late : settings.late_names) {
    lines.push_back({std::string(late_name_key), {late.address, late.name}});
  }
  return lines;
}

MetaReading read_meta(const MetaLine& line, model::Settings& settings) {
  if (line.key == late_name_key) return read_late_name(line.values, settings);
  const auto* const setting = std::find_if(all_settings.begin(), all_settings.end(),
                                           [&](const Setting& s) { return s.key == line.key; });
  if (setting == all_settings.end()) return MetaReading::unknown;
  if (line.values.empty()) return MetaReading::malformed;
  return setting->read(line.values, settings);
}

}  // namespace mprofpp::dat
