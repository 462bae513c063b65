#include "core/own_files.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace mprofpp::agent;

TEST_CASE("the start of this process is the 22nd field of its stat file") {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream after_name(text.substr(text.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) after_name >> field;
  CHECK(std::to_string(own_start()) == field);
}

TEST_CASE("the status has the pids, the name and the peaks of this process") {
  const auto status = own_status();
  CHECK(status.pid == static_cast<std::uint32_t>(::getpid()));
  CHECK(status.parent == static_cast<std::uint32_t>(::getppid()));
  CHECK(status.peak_rss > 0);
  CHECK(status.peak_vms >= status.peak_rss);
}

TEST_CASE("a name with unusual characters is returned as it is") {
  char before[16];
  REQUIRE(::prctl(PR_GET_NAME, before) == 0);
  REQUIRE(::prctl(PR_SET_NAME, "a\n(b) \\n c") == 0);
  const auto status = own_status();
  ::prctl(PR_SET_NAME, before);
  CHECK(std::string(status.name) == "a\n(b) \\n c");
  REQUIRE(::prctl(PR_SET_NAME, "fifteen letters") == 0);
  CHECK(std::string(own_status().name) == "fifteen letters");
  CHECK(own_start() > 0);
  ::prctl(PR_SET_NAME, before);
}
