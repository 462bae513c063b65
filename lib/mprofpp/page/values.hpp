#pragma once

#include <cmath>
#include <concepts>
#include <optional>

#include "mprofpp/page/arrays.hpp"

namespace mprofpp::page {

/// Returns null for a number that JSON does not have.
inline Json number_or_null(double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

/// Returns null for an unknown number, and for one that JSON does not have.
template <class Number>
Json number_or_null(const std::optional<Number>& number) {
  if (!number) return nullptr;
  if constexpr (std::floating_point<Number>) return number_or_null(*number);
  return *number;
}

/// Returns the MiB of a maximum or another value that has them; null if it is unknown.
template <class Value>
Json mib_or_null(const std::optional<Value>& value) {
  return value ? number_or_null(value->mib) : Json(nullptr);
}

}  // namespace mprofpp::page
