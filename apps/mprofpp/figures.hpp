#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {

using Json = nlohmann::ordered_json;

/// As mprof prints it.
inline std::string mib(double value) {
  return fixed(value, 3) + " MiB";
}

/// JSON has no NaN.
inline Json number_or_null(const std::optional<double>& value) {
  return value && *value == *value ? Json(*value) : Json(nullptr);
}

/// File names may hold any bytes; JSON may not.
inline std::string as_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mprofpp::app
