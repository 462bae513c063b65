#pragma once

#include <sys/types.h>

#include <string>

#include <nlohmann/json.hpp>

#include "mprofpp/base/instant.hpp"

/// The JSON that commands print: an object on a line.
namespace mprofpp::inspect::detail {

using ShownJson = nlohmann::ordered_json;

inline ShownJson start_of_json(pid_t pid, const std::string& command, const std::string& python) {
  return {{"schema", 1}, {"pid", pid}, {"command", command}, {"python", python}};
}

inline ShownJson milliseconds_of(Duration duration) {
  constexpr double millisecond = 1e6;
  return static_cast<double>(duration.count()) / millisecond;
}

inline std::string line_of(const ShownJson& json) {
  return json.dump(-1, ' ', false, ShownJson::error_handler_t::replace) + "\n";
}

}  // namespace mprofpp::inspect::detail
