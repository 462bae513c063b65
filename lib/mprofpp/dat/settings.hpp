#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/model/settings.hpp"

namespace mprofpp::dat {

/// The format of the recordings that this version writes and reads.
inline constexpr int format = 1;

/// The fields of one META line.
struct MetaLine {
  std::string key;
  std::vector<std::string> values;
};

/// Returns the lines for `settings`, in the order of a header.
std::vector<MetaLine> meta_lines(const model::Settings& settings);

enum class MetaReading {
  understood,
  unknown,   ///< the key or its value is of a later version
  malformed  ///< the value of a known key is invalid
};

/// Sets the setting of the line and nothing else.
MetaReading read_meta(const MetaLine& line, model::Settings& settings);

}  // namespace mprofpp::dat
