#include "mprofpp/inject/target_folder.hpp"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/child.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::inject;
using namespace mprofpp::test;
namespace fs = std::filesystem;

namespace {

/// Returns true if this test may give a process another root folder.
bool may_change_root() {
  if (::geteuid() == 0) return true;
  MESSAGE("SKIP: needs root");
  return false;
}

Child child_in(const std::string& root) {
  return Child([&] { (void)!::chroot(root.c_str()); });
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE(
    "files for a process are in its own /tmp, readable by all and writable by nobody, and are removed") {
  if (!may_change_root()) return;
  const TemporaryFolder root;
  fs::create_directory(root / "tmp");
  const auto child = child_in(root.path());
  {
    auto folder = TargetFolder::make(child.pid());
    REQUIRE(folder);
    REQUIRE(folder->add("x", "text"));
    CHECK_FALSE(folder->add("x", "again"));
    const auto path = root / folder->path_of("x").substr(1);
    CHECK(bytes_of(path) == "text");
    CHECK(mode_of(path) == 0444);
    CHECK(mode_of(fs::path(path).parent_path()) == 0711);
  }
  CHECK(fs::is_empty(root / "tmp"));
}

TEST_CASE("a /tmp that is a link is not followed") {
  if (!may_change_root()) return;
  const TemporaryFolder root;
  const TemporaryFolder elsewhere;
  fs::create_directory_symlink(elsewhere.path(), root / "tmp");
  const auto outside = child_in(root.path());
  CHECK_FALSE(TargetFolder::make(outside.pid()));
  fs::remove(root / "tmp");
  fs::create_directory(root / "other");
  fs::create_directory_symlink("other", root / "tmp");
  CHECK_FALSE(TargetFolder::make(outside.pid()));
  CHECK(fs::is_empty(elsewhere.path()));
  CHECK(fs::is_empty(root / "other"));
}

TEST_CASE("a process without a /tmp gets no files") {
  if (!may_change_root()) return;
  const TemporaryFolder root;
  const auto child = child_in(root.path());
  CHECK_FALSE(TargetFolder::make(child.pid()));
  CHECK(fs::is_empty(root.path()));
}
