#include "core/resident.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "mprofpp/wire/record.hpp"

using namespace mprofpp;

namespace {

/// Closes the descriptors that read this process's memory, as a program does that closes all.
int close_readers() {
  int closed = 0;
  for (int fd = 3; fd < 1024; ++fd) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
    if (!error && target.filename() == "statm" && ::close(fd) == 0) ++closed;
  }
  return closed;
}

}  // namespace

TEST_CASE("no reading is missed, however often the program closes the descriptor") {
  agent::Resident resident;
  for (int i = 0; i < 3; ++i) {
    CHECK(resident.read() != wire::unknown_rss);
    CHECK(close_readers() == 1);
  }
  CHECK(resident.read() != wire::unknown_rss);
  resident.forget();
  CHECK(close_readers() == 0);
}
