#include "mprofpp/dat/line_facts.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include "mprofpp/base/text.hpp"

namespace mprofpp::dat {
namespace {

/// Builds the list.
class Facts {
 public:
  void add(std::string_view key, const std::optional<double>& value) {
    if (value) append_fixed(start(key), *value, 6);
  }
  void add(std::string_view key, std::uint64_t count) {
    if (count != 0) append_integer(start(key), count);
  }
  void add(std::string_view key, const std::optional<int>& value) {
    if (value) append_integer(start(key), *value);
  }
  void add_hash(std::string_view key, const std::optional<std::uint64_t>& hash) {
    if (!hash) return;
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, *hash, 16).ptr;
    start(key).append(digits, end);
  }
  std::string text() const { return list_.empty() ? "-" : list_; }

 private:
  std::string& start(std::string_view key) {
    if (!list_.empty()) list_ += ',';
    return list_.append(key) += '=';
  }

  std::string list_;
};

std::optional<double> finite_number(std::string_view text) {
  const auto value = parse_number(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint64_t> hash_in(std::string_view text) {
  std::uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole ? std::optional(hash) : std::nullopt;
}

void read_fact(std::string_view key, std::string_view value, model::Line& line) {
  if (key == "peak") line.peak_mib = finite_number(value);
  if (key == "time") line.seconds = finite_number(value);
  if (!line.calls) return;
  auto& calls = *line.calls;
  if (key == "open") calls.open = parse_integer<std::uint64_t>(value).value_or(0);
  if (key == "shared") calls.shared = parse_integer<std::uint64_t>(value).value_or(0);
  if (key == "interleaved") calls.interleaved = parse_integer<std::uint64_t>(value).value_or(0);
  if (key == "precision") calls.precision = parse_integer<int>(value);
  if (key == "source") calls.source_hash = hash_in(value);
}

}  // namespace

std::string line_facts_text(const model::Line& line) {
  Facts facts;
  facts.add("peak", line.peak_mib);
  facts.add("time", line.seconds);
  if (line.calls) {
    facts.add("open", line.calls->open);
    facts.add("shared", line.calls->shared);
    facts.add("interleaved", line.calls->interleaved);
    facts.add("precision", line.calls->precision);
    facts.add_hash("source", line.calls->source_hash);
  }
  return facts.text();
}

void read_line_facts(std::string_view list, model::Line& line) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto fact = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    const auto equals = fact.find('=');
    if (equals != std::string_view::npos) {
      read_fact(fact.substr(0, equals), fact.substr(equals + 1), line);
    }
  }
}

}  // namespace mprofpp::dat
