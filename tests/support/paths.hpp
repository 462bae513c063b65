#pragma once

#include <string>
#include <string_view>

namespace mprofpp::test {

/// The path of tests/data/<name>.
std::string data_file(std::string_view name);

/// The path of tests/golden/<name>: what pictures must look like.
std::string golden_file(std::string_view name);

/// The path of the built libexec/mprofpp/hold.
std::string stub();

/// All bytes of a file. The test fails when it cannot be read.
std::string bytes_of(const std::string& path);

}  // namespace mprofpp::test
