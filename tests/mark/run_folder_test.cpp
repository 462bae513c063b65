#include "mprofpp/mark/run_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mprofpp/mark/new_rings.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using mark::RunFolder;
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

/// As a recorder leaves it that was killed: nobody holds the lock.
std::string leftover(const TemporaryFolder& place, const std::string& name) {
  const auto path = place / name;
  fs::create_directory(path);
  REQUIRE(::mkfifo((path + "/bell").c_str(), 0600) == 0);
  return path;
}

}  // namespace

TEST_CASE("the folder of a run is private, and gone with all in it in the end") {
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

TEST_CASE("the first place that can be written to is taken") {
  const TemporaryFolder place;
  const auto folder = RunFolder::make({"/proc", place / "missing", place.path()});
  REQUIRE(folder.has_value());
  CHECK(folder->path().starts_with(place.path()));
  CHECK(RunFolder::make({"/proc"}).error().place == "/proc");
  CHECK_FALSE(RunFolder::make({}).has_value());
}

TEST_CASE("notes go on with what their names say, each once") {
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

TEST_CASE("a bell rings until it is silenced, however often it was pulled") {
  const TemporaryFolder place;
  auto folder = RunFolder::make({place.path()});
  const std::string pulls(10'000, 'x');
  REQUIRE(::write(folder->bell(), pulls.data(), pulls.size()) == 10'000);
  folder->silence();
  char byte = 0;
  CHECK(::read(folder->bell(), &byte, 1) == -1);
}

TEST_CASE("a note is a file, or a line that came through the bell") {
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

TEST_CASE("of what is written into a bell only notes are kept, and not without end") {
  mark::BellNotes notes;
  notes.take("../../etc/passwd\nA\n\n" + std::string(100'000, 'x') + "\n");
  CHECK(notes.names().empty());
  for (int i = 0; i < 1000; ++i) notes.take("note-" + std::to_string(i) + "\n");
  CHECK(notes.names().size() == 100);
  CHECK(notes.names().contains("note-0"));
}

TEST_CASE("what a killed recorder left is removed by the next one") {
  const TemporaryFolder place;
  const auto path = leftover(place, "mprofpp-run-Abc123");
  fs::create_directory(place / "mprofpp-run-empty1");
  const auto folder = RunFolder::make({place.path()});
  CHECK_FALSE(fs::exists(path));
  CHECK(count_in(place.path()) == 1);
}

TEST_CASE("the folder of a recorder that lives is left alone") {
  const TemporaryFolder place;
  const auto first = RunFolder::make({place.path()});
  const auto second = RunFolder::make({place.path()});
  CHECK(fs::exists(first->path()));
  CHECK(fs::exists(second->path()));
}

TEST_CASE("what only looks like the folder of a run is left alone") {
  const TemporaryFolder place;
  fs::create_directories(place / "mprofpp-run-Abc123/something of mine");
  leftover(place, "mprofpp-run-longer-name");
  fs::create_directory(place / "elsewhere");
  const auto elsewhere = leftover(place, "elsewhere/of-mine");
  fs::create_symlink(elsewhere, place / "mprofpp-run-link12");
  mark::remove_leftovers(place.path());
  CHECK(count_in(place.path()) == 4);
  CHECK(fs::exists(elsewhere + "/bell"));
}

TEST_CASE("a ring is told of when it gets its name") {
  const TemporaryFolder place;
  auto rings = mark::NewRings::watch(place.path());
  REQUIRE(rings.has_value());
  const auto unfinished = place.write("1.2.0.new", "x");
  CHECK(rings->take().empty());
  fs::rename(unfinished, place / "1.2.0.ring");
  CHECK(rings->take() == std::vector<std::string>{place / "1.2.0.ring"});
  CHECK(rings->take().empty());
}

TEST_CASE("rings that appear faster than the clock of files moves are all told of, once") {
  const TemporaryFolder place;
  auto rings = mark::NewRings::watch(place.path());
  REQUIRE(rings.has_value());
  for (int i = 0; i < 1000; ++i) {
    const auto path = place.write(std::to_string(i) + ".ring", "x");
    CHECK(rings->take() == std::vector<std::string>{path});
  }
  CHECK(rings->take().empty());
}

TEST_CASE("rings that were there before and those that others remove are no trouble") {
  const TemporaryFolder place;
  const auto early = place.write("early.ring", "x");
  auto rings = mark::NewRings::watch(place.path());
  CHECK(rings->take() == std::vector<std::string>{early});
  fs::remove(early);
  CHECK(rings->take().empty());
  CHECK_FALSE(mark::NewRings::watch(place / "missing").has_value());
}
