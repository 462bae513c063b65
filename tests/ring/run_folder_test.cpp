#include "mprofpp/ring/run_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mprofpp/ring/new_rings.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using ring::RunFolder;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::size_t count_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

/// Creates the folder of a killed recorder, which no process has locked.
std::string leftover(const TemporaryFolder& place, const std::string& name) {
  const auto path = place / name;
  fs::create_directory(path);
  REQUIRE(::mkfifo((path + "/bell").c_str(), 0600) == 0);
  return path;
}

}  // namespace

TEST_CASE("the folder of a run is private, and is removed with all its content in the end") {
  const TemporaryFolder place;
  {
    const auto folder = RunFolder::make({place.path()});
    REQUIRE(folder.has_value());
    CHECK(mode_of(folder->path()) == (::geteuid() == 0 ? 01733 : 0700));
    fs::create_directory(folder->path_of("something"));
    fs::create_symlink("/nowhere", folder->path_of("a link"));
  }
  CHECK(count_in(place.path()) == 0);
}

TEST_CASE("the folder is created in the first place that is writable") {
  const TemporaryFolder place;
  const auto folder = RunFolder::make({"/proc", place / "missing", place.path()});
  REQUIRE(folder.has_value());
  CHECK(folder->path().starts_with(place.path()));
  CHECK(RunFolder::make({"/proc"}).error().place == "/proc");
  CHECK_FALSE(RunFolder::make({}).has_value());
}

TEST_CASE("the rest of the name of each note is returned once") {
  const TemporaryFolder place;
  const auto folder = RunFolder::make({place.path()});
  REQUIRE(folder.has_value());
  CHECK(folder->notes_after("newer-").empty());
  for (const auto* name : {"newer-3.17", "newer-3.16", "newer-3.16", "other-3.18"}) {
    std::ofstream(folder->path_of(name));
  }
  CHECK(folder->notes_after("newer-") == std::vector<std::string>{"3.16", "3.17"});
  CHECK(folder->has_note("other-3.18"));
}

TEST_CASE("silencing the bell once is enough, however often it was rung") {
  const TemporaryFolder place;
  auto folder = RunFolder::make({place.path()});
  const std::string pulls(10'000, 'x');
  REQUIRE(::write(folder->bell(), pulls.data(), pulls.size()) == 10'000);
  folder->silence();
  char byte = 0;
  CHECK(::read(folder->bell(), &byte, 1) == -1);
}

TEST_CASE("a note is a file or a line that was written into the bell") {
  const TemporaryFolder place;
  auto folder = RunFolder::make({place.path()});
  CHECK_FALSE(folder->has_note("decorated"));
  CHECK_FALSE(folder->number_in_note("no-ring."));
  const std::string said = std::string(2, '\0') + "decorated\n" + '\0' + "no-ring.28\nunfinished";
  REQUIRE(::write(folder->bell(), said.data(), said.size()) == static_cast<ssize_t>(said.size()));
  folder->silence();
  CHECK(folder->has_note("decorated"));
  CHECK(folder->number_in_note("no-ring.") == 28);
  CHECK_FALSE(folder->has_note("unfinished"));
  REQUIRE(::mknod(folder->path_of("other.7").c_str(), S_IFREG | 0600, 0) == 0);
  CHECK(folder->number_in_note("other.") == 7);
}

TEST_CASE("only notes are taken from the bell, and a limited number of them") {
  ring::BellNotes notes;
  notes.add("../../etc/passwd\nA\n\n" + std::string(100'000, 'x') + "\n");
  CHECK(notes.names().empty());
  for (int i = 0; i < 1000; ++i) notes.add("note-" + std::to_string(i) + "\n");
  CHECK(notes.names().size() == 100);
  CHECK(notes.names().contains("note-0"));
}

TEST_CASE("the folder of a killed recorder is removed by the next one") {
  const TemporaryFolder place;
  const auto path = leftover(place, "mprofpp-run-Abc123");
  fs::create_directory(place / "mprofpp-run-empty1");
  const auto folder = RunFolder::make({place.path()});
  CHECK_FALSE(fs::exists(path));
  CHECK(count_in(place.path()) == 1);
}

TEST_CASE("the folder of a running recorder is not touched") {
  const TemporaryFolder place;
  const auto first = RunFolder::make({place.path()});
  const auto second = RunFolder::make({place.path()});
  CHECK(fs::exists(first->path()));
  CHECK(fs::exists(second->path()));
}

TEST_CASE("a folder that only resembles the folder of a run is not touched") {
  const TemporaryFolder place;
  fs::create_directories(place / "mprofpp-run-Abc123/something of mine");
  leftover(place, "mprofpp-run-longer-name");
  fs::create_directory(place / "elsewhere");
  const auto elsewhere = leftover(place, "elsewhere/of-mine");
  fs::create_symlink(elsewhere, place / "mprofpp-run-link12");
  ring::remove_leftovers(place.path());
  CHECK(count_in(place.path()) == 4);
  CHECK(fs::exists(elsewhere + "/bell"));
}

TEST_CASE("a ring is found when it gets its final name") {
  const TemporaryFolder place;
  auto rings = ring::NewRings::watch(place.path());
  REQUIRE(rings.has_value());
  const auto unfinished = place.write("1.2.0.new", "x");
  CHECK(rings->find().empty());
  fs::rename(unfinished, place / "1.2.0.ring");
  CHECK(rings->find() == std::vector<std::string>{place / "1.2.0.ring"});
  CHECK(rings->find().empty());
}

TEST_CASE("rings that appear faster than the clock of files advances are all found, once") {
  const TemporaryFolder place;
  auto rings = ring::NewRings::watch(place.path());
  REQUIRE(rings.has_value());
  for (int i = 0; i < 1000; ++i) {
    const auto path = place.write(std::to_string(i) + ".ring", "x");
    CHECK(rings->find() == std::vector<std::string>{path});
  }
  CHECK(rings->find().empty());
}

TEST_CASE("rings that existed before are found, and rings may be removed") {
  const TemporaryFolder place;
  const auto early = place.write("early.ring", "x");
  auto rings = ring::NewRings::watch(place.path());
  CHECK(rings->find() == std::vector<std::string>{early});
  fs::remove(early);
  CHECK(rings->find().empty());
  CHECK_FALSE(ring::NewRings::watch(place / "missing").has_value());
}
