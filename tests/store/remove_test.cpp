#include "mprofpp/store/remove.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using store::all_files_to_remove;
using store::files_to_remove;
using test::TemporaryFolder;
using Files = std::vector<std::string>;

namespace {

const std::string oldest = "mprofile_20200101000001.dat";
const std::string middle = "mprofile_20210101000001.dat";
const std::string newest = "mprofile_20220101000001.dat";

struct ThreeRecordings {
  TemporaryFolder folder;
  ThreeRecordings() {
    for (const auto& name : {newest, oldest, middle}) folder.write(name, "MEM 1.0 1.0\n");
  }
  Files chosen(const Files& operands) const {
    Files names;
    const auto files = files_to_remove(folder.path(), operands);
    for (const auto& file : files.value()) {
      names.push_back(std::filesystem::path(file).filename());
    }
    return names;
  }
};

}  // namespace

TEST_CASE("0 is the oldest and -1 the newest, resolved before anything is removed") {
  const ThreeRecordings three;
  CHECK(three.chosen({"0", "-1"}) == Files{oldest, newest});
}

TEST_CASE("a file that is named twice is removed once") {
  const ThreeRecordings three;
  CHECK(three.chosen({"0", "-3", three.folder / oldest}) == Files{oldest});
}

TEST_CASE("with one wrong operand nothing is removed") {
  const ThreeRecordings three;
  CHECK(files_to_remove(three.folder.path(), {"0", "3"}).error().code == Errc::not_found);
  CHECK(files_to_remove(three.folder.path(), {"0", "nosuch.dat"}).error().code == Errc::not_found);
}

TEST_CASE("a number is an index even if a file has that name") {
  const ThreeRecordings three;
  three.folder.write("1", "MEM 1.0 1.0\n");
  CHECK(three.chosen({"1"}) == Files{middle});
}

TEST_CASE("the twin file of mprof's old format is removed with its recording") {
  const ThreeRecordings three;
  three.folder.write("mprofile_20200101000001_ts.dat", "FUNC f 1 1 1 1\n");
  CHECK(three.chosen({"0"}) == Files{oldest, "mprofile_20200101000001_ts.dat"});
  CHECK(all_files_to_remove(three.folder.path()).value().size() == 4);
}

TEST_CASE("all means the recordings with a default name") {
  const ThreeRecordings three;
  three.folder.write("server.dat", "MEM 1.0 1.0\n");
  three.folder.write("mprofile_abcdefghijklmn.dat", "notes\n");
  CHECK(all_files_to_remove(three.folder.path()).value().size() == 3);
}

TEST_CASE("a named recording may be removed, and an empty file, but no other file") {
  const TemporaryFolder folder;
  const auto named = folder.write("server.dat", "MEM 1.0 1.0\n");
  const auto empty = folder.write("empty.dat", "");
  const auto thesis = folder.write("thesis.txt", "years of work\n");
  CHECK(files_to_remove(folder.path(), {named, empty}).value() == Files{named, empty});
  CHECK(files_to_remove(folder.path(), {thesis}).error().code == Errc::malformed);
  CHECK(files_to_remove(folder.path(), {folder.path()}).error().code == Errc::malformed);
}

TEST_CASE("a removal that fails returns the reason") {
  const TemporaryFolder folder;
  CHECK(store::remove_file(folder.write("x.dat", "")).has_value());
  CHECK(store::remove_file(folder / "x.dat").error().code == Errc::not_found);
}
