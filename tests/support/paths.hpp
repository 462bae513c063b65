#pragma once

#include <string>
#include <string_view>

namespace mprofpp::test {

/// Returns the path of tests/data/<name>.
std::string data_file(std::string_view name);

/// Returns the path of tests/golden/<name>, which shows what a picture must look like.
std::string golden_file(std::string_view name);

/// Returns the path of libexec/mprofpp/hold in the build folder.
std::string stub();

/// Returns all bytes of a file. Fails the test if it cannot be read.
std::string bytes_of(const std::string& path);

}  // namespace mprofpp::test
