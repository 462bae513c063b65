#pragma once

#include <cmath>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace mprofpp::report {

using Json = nlohmann::ordered_json;

/// Returns null for an unknown value.
template <class T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Returns the MiB of a maximum or another value that has them; null if it is unknown.
template <class T>
Json mib_or_null(const std::optional<T>& value) {
  return value ? Json(value->mib) : Json(nullptr);
}

/// Returns null for an unknown value and for NaN, which JSON does not have.
inline Json number_or_null(const std::optional<double>& value) {
  return value && *value == *value ? Json(*value) : Json(nullptr);
}

/// Returns a computed value with six decimals, as the samples that it was computed from have them; null for
/// an unknown value and for NaN.
inline Json rounded_or_null(const std::optional<double>& value) {
  constexpr double millionths = 1e6;
  if (!value || !(std::abs(*value) < 1e9)) return number_or_null(value);
  return Json(std::round(*value * millionths) / millionths);
}

/// Formats JSON as one line, or with that many spaces for each level. Bytes that are not UTF-8, as in a file
/// name, are replaced.
inline std::string to_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mprofpp::report
