#pragma once

#include <optional>
#include <string>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::report {

/// Formats an amount of memory as mprof prints it: "12.345 MiB".
inline std::string exact_mib(double mib) {
  return fixed(mib, 3) + " MiB";
}

/// Formats an amount of memory like memory_text(), or as "-" if it is unknown.
inline std::string memory_or_dash(const std::optional<double>& mib) {
  return mib ? memory_text(*mib) : "-";
}

}  // namespace mprofpp::report
