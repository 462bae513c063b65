#include "mprofpp/dat/call_flags.hpp"

#include <cmath>
#include <optional>

#include "mprofpp/base/text.hpp"

namespace mprofpp::dat {
namespace {

constexpr std::string_view active = "active=";
constexpr std::string_view grown = "grown=";

void append_flag(std::string& list, std::string_view flag) {
  if (!list.empty()) list += ',';
  list += flag;
}

void append_flag(std::string& list, std::string_view key, const std::optional<double>& value) {
  if (!value) return;
  append_flag(list, key);
  append_fixed(list, *value, 6);
}

/// Cuts the first element off a comma list.
std::string_view next_flag(std::string_view& list) {
  const auto comma = list.find(',');
  const auto flag = list.substr(0, comma);
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  return flag;
}

std::optional<double> number_after(std::string_view key, std::string_view flag) {
  const auto value = parse_number(flag.substr(key.size()));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace

std::string flags_text(const model::CallFlags& flags) {
  std::string list;
  if (flags.open) append_flag(list, "open");
  if (flags.raised) append_flag(list, "raised");
  if (flags.reused) append_flag(list, "reused");
  append_flag(list, active, flags.active_seconds);
  append_flag(list, grown, flags.grown_mib);
  return list;
}

model::CallFlags to_flags(std::string_view list) {
  model::CallFlags flags;
  while (!list.empty()) {
    const auto flag = next_flag(list);
    if (flag == "open") flags.open = true;
    if (flag == "raised") flags.raised = true;
    if (flag == "reused") flags.reused = true;
    if (flag.starts_with(active)) flags.active_seconds = number_after(active, flag);
    if (flag.starts_with(grown)) flags.grown_mib = number_after(grown, flag);
  }
  return flags;
}

}  // namespace mprofpp::dat
