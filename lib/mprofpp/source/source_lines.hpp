#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::source {

/// Returns the lines of a Python source as UTF-8 without their line ends, which may be \n, \r\n or \r. Reads
/// the encoding from a byte order mark or from a comment in the first two lines, as Python does. Bytes that
/// are not text in that encoding, or not text at all, are replaced by U+FFFD.
std::vector<std::string> source_lines(std::string_view source);

}  // namespace mprofpp::source
