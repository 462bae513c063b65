#include "mprofpp/store/catalogue.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::store;
using test::TemporaryFolder;

namespace {

struct ThreeRecordings {
  ThreeRecordings() {
    for (const auto* name : {"mprofile_20261120120000.dat", "mprofile_20261119120000.dat",
                             "mprofile_20261121120000.dat"}) {
      folder.write(name, "MEM 1 1\n");
    }
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("recordings are listed by their default names, oldest first") {
  const ThreeRecordings three;
  CHECK(list_recordings(three.folder.path()).value() ==
        std::vector<std::string>{"mprofile_20261119120000.dat", "mprofile_20261120120000.dat",
                                 "mprofile_20261121120000.dat"});
}

TEST_CASE("other files are not listed") {
  const TemporaryFolder folder;
  for (const auto* name :
       {"server.dat", "mprofile_.dat", "mprofile_2026112012000.dat", "mprofile_202611201200000.dat",
        "mprofile_2026112012000x.dat", "mprofile_20261120120000.dat~",
        "mprofile_20261120120000.png", "xmprofile_20261120120000.dat"}) {
    folder.write(name, "");
  }
  CHECK(list_recordings(folder.path()).value().empty());
}

TEST_CASE("a folder that cannot be read is an error that names it") {
  const auto names = list_recordings("/nowhere");
  REQUIRE_FALSE(names.has_value());
  CHECK(names.error().code == Errc::not_found);
  CHECK(names.error().place == "/nowhere");
}

TEST_CASE("a recording is picked by name or by index, from either end") {
  const ThreeRecordings three;
  const auto& folder = three.folder;
  CHECK(pick_recording(folder.path(), "0").value() == folder / "mprofile_20261119120000.dat");
  CHECK(pick_recording(folder.path(), "2").value() == folder / "mprofile_20261121120000.dat");
  CHECK(pick_recording(folder.path(), "-1").value() == folder / "mprofile_20261121120000.dat");
  CHECK(pick_recording(folder.path(), "-3").value() == folder / "mprofile_20261119120000.dat");
  folder.write("server.dat", "");
  CHECK(pick_recording(folder.path(), "server.dat").value() == folder / "server.dat");
}

TEST_CASE("a file whose name is a number is picked rather than the index") {
  const ThreeRecordings three;
  three.folder.write("0", "");
  CHECK(pick_recording(three.folder.path(), "0").value() == three.folder / "0");
}

TEST_CASE("an index that does not exist is refused with the valid ones") {
  const ThreeRecordings three;
  for (const std::string index : {"3", "-4", "99999"}) {
    const auto picked = pick_recording(three.folder.path(), index);
    REQUIRE_FALSE(picked.has_value());
    CHECK(picked.error().code == Errc::not_found);
    CHECK(picked.error().hint.find("0 to 2") != std::string::npos);
  }
}

TEST_CASE("a name that is neither file nor index is not found") {
  const ThreeRecordings three;
  const auto picked = pick_recording(three.folder.path(), "nosuch.dat");
  REQUIRE_FALSE(picked.has_value());
  CHECK(picked.error().code == Errc::not_found);
  CHECK(picked.error().place == "nosuch.dat");
}

TEST_CASE("the newest recording is the last by name") {
  const ThreeRecordings three;
  CHECK(newest_recording(three.folder.path()).value() ==
        three.folder / "mprofile_20261121120000.dat");
}

TEST_CASE("a folder without recordings has no newest one") {
  const TemporaryFolder folder;
  for (const auto& picked :
       {newest_recording(folder.path()), pick_recording(folder.path(), "-1")}) {
    REQUIRE_FALSE(picked.has_value());
    CHECK(picked.error().code == Errc::not_found);
    CHECK(picked.error().place == folder.path());
  }
}

TEST_CASE("a recording with another name is the newest if it was written last") {
  const ThreeRecordings three;
  const auto newest = newest_recording(three.folder.path()).value();
  const auto written = std::filesystem::last_write_time(newest);
  const auto named = three.folder.write("server.dat", "MEM 1.0 1000.0\n");
  std::filesystem::last_write_time(named, written);
  CHECK(newest_recording(three.folder.path()).value() == newest);
  std::filesystem::last_write_time(named, written + std::chrono::seconds(1));
  CHECK(newest_recording(three.folder.path()).value() == named);
}

TEST_CASE("recordings with other names are listed in the order of writing, and no other files") {
  const ThreeRecordings three;
  const auto written = std::filesystem::file_time_type::clock::now();
  for (const char* name : {"b.dat", "a.dat"}) {
    std::filesystem::last_write_time(three.folder.write(name, "MEM 1.0 1000.0\n"),
                                     written + std::chrono::seconds(name[0]));
  }
  three.folder.write("train.dat", "1,2,3\n");
  three.folder.write("notes.txt", "MEM 1.0 1000.0\n");
  CHECK(list_named(three.folder.path()) == std::vector<std::string>{"a.dat", "b.dat"});
}

TEST_CASE("a folder whose recordings all have other names has a newest one") {
  const TemporaryFolder folder;
  const auto named = folder.write("server.dat", "MEM 1.0 1000.0\n");
  CHECK(newest_recording(folder.path()).value() == named);
}
