#include "marks/ring_places.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "captured.hpp"

using namespace mprofpp;
using app::places_for_rings;

TEST_CASE("shared memory is the best place for rings, and the folder of the recording the last") {
  const auto places = places_for_rings("/var/tmp/x.dat");
  CHECK(places.front() == "/dev/shm");
  CHECK(places.back() == "/var/tmp");
}

TEST_CASE("a recording without a folder, or with an unknown one, is in the current folder") {
  const test::CurrentFolder folder;
  const auto here = std::filesystem::current_path().string();
  CHECK(std::filesystem::equivalent(places_for_rings("x.dat").back(), here));
  CHECK(std::filesystem::equivalent(places_for_rings("").back(), here));
  CHECK(std::filesystem::equivalent(places_for_rings("/tmp/%p/x.dat").back(), here));
}
