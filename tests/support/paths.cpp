#include "support/paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace mprofpp::test {

std::string data_file(std::string_view name) {
  return std::string(MPROFPP_TESTS_FOLDER "/data/").append(name);
}

std::string stub() {
  return MPROFPP_STUB;
}

std::string golden_file(std::string_view name) {
  return std::string(MPROFPP_TESTS_FOLDER "/golden/").append(name);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  INFO("file: ", path);
  REQUIRE(file.good());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace mprofpp::test
