#include "marks/marker.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "mprofpp/ring/run_folder.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using app::Marker;
using test::TemporaryFolder;

namespace {

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a marker leaves a ring in the folder of the run") {
  const TemporaryFolder place;
  const auto run = ring::RunFolder::make({place.path()}).value();
  const auto before = files_in(run.path());
  auto marker = Marker::open(run.path(), {::getpid(), 1});
  REQUIRE(marker.has_value());
  marker->mark("phase 2");
  CHECK(files_in(run.path()) > before);
}

TEST_CASE("each call has a number of its own") {
  const TemporaryFolder place;
  const auto run = ring::RunFolder::make({place.path()}).value();
  auto marker = Marker::open(run.path(), {::getpid(), 1});
  REQUIRE(marker.has_value());
  const auto outer = marker->enter("outer", 0);
  const auto inner = marker->enter("inner", outer);
  marker->leave(inner);
  marker->leave(outer);
  CHECK(outer != 0);
  CHECK(inner != outer);
}

TEST_CASE("a recording that has ended takes no marks") {
  const auto marker = Marker::open("/no/such/folder", {::getpid(), 1});
  REQUIRE_FALSE(marker.has_value());
  CHECK(marker.error().code == Errc::not_found);
  CHECK(marker.error().what == "the recording has ended");
}
