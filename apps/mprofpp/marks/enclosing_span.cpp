#include "marks/enclosing_span.hpp"

#include <cstdlib>

#include "mprofpp/base/text.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::app {

std::optional<EnclosingSpan> enclosing_span() {
  const char* value = std::getenv(wire::span_variable);
  return value == nullptr ? std::nullopt : parse_span(value);
}

std::optional<EnclosingSpan> parse_span(std::string_view value) {
  const auto first = value.find('.');
  const auto second = value.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto pid = parse_integer<pid_t>(value.substr(0, first));
  const auto start = parse_integer<std::uint64_t>(value.substr(first + 1, second - first - 1));
  const auto call = parse_integer<std::uint64_t>(value.substr(second + 1));
  if (!pid || !start || !call) return std::nullopt;
  return EnclosingSpan{{*pid, *start}, *call};
}

std::string text_of(const EnclosingSpan& span) {
  return std::to_string(span.lane.pid) + '.' + std::to_string(span.lane.start) + '.' +
         std::to_string(span.call);
}

}  // namespace mprofpp::app
