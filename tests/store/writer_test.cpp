#include "mprofpp/store/writer.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using store::Overwrite;
using store::Writer;
using test::bytes_of;
using test::TemporaryFolder;

namespace {

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

/// Limits the size of files to `bytes` during its lifetime: a full disk without a disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &previous_);
    rlimit limit = previous_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &previous_);
    ::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit previous_{};
  void (*handler_)(int) = SIG_DFL;
};

}  // namespace

TEST_CASE("lines are in the file as soon as they are appended") {
  const TemporaryFolder folder;
  auto writer = Writer::create(folder / "f", Overwrite::no).value();
  REQUIRE(writer.append("MEM 1 1\n").has_value());
  CHECK(bytes_of(folder / "f") == "MEM 1 1\n");
  REQUIRE(writer.append("MEM 2 2\nMEM 3 3\n").has_value());
  CHECK(bytes_of(folder / "f") == "MEM 1 1\nMEM 2 2\nMEM 3 3\n");
  CHECK(writer.bytes_written() == 24);
}

TEST_CASE("an existing file is refused and stays as it is") {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "precious");
  const auto writer = Writer::create(path, Overwrite::no);
  REQUIRE_FALSE(writer.has_value());
  CHECK(writer.error().code == Errc::exists);
  CHECK(writer.error().place == path);
  CHECK(bytes_of(path) == "precious");
}

TEST_CASE("a file that another writer has open is busy") {
  const TemporaryFolder folder;
  const auto first = Writer::create(folder / "f", Overwrite::no).value();
  const auto second = Writer::create(folder / "f", Overwrite::yes);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == Errc::busy);
  CHECK(second.error().place == folder / "f");
}

TEST_CASE("an existing file is overwritten at the first line, not before") {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "precious and long");
  auto writer = Writer::create(path, Overwrite::yes).value();
  CHECK(bytes_of(path) == "precious and long");
  REQUIRE(writer.append("new\n").has_value());
  CHECK(bytes_of(path) == "new\n");
}

TEST_CASE("a file that loses its last name counts as removed") {
  const TemporaryFolder folder;
  const auto path = folder / "x.dat";
  auto writer = Writer::create(path, Overwrite::no);
  REQUIRE(writer.has_value());
  REQUIRE(writer->append("MEM 1 1\n").has_value());
  std::filesystem::create_hard_link(path, folder / "second");
  std::filesystem::remove(path);
  CHECK_FALSE(writer->was_removed());
  std::filesystem::remove(folder / "second");
  CHECK(writer->was_removed());
}

TEST_CASE("a new file without lines is removed, and an existing file is not") {
  const TemporaryFolder folder;
  {
    const auto unused = Writer::create(folder / "new", Overwrite::no).value();
    CHECK(exists(folder / "new"));
    const auto old = Writer::create(folder.write("old", "precious"), Overwrite::yes).value();
    auto used = Writer::create(folder / "used", Overwrite::no).value();
    REQUIRE(used.append("MEM 1 1\n").has_value());
  }
  CHECK_FALSE(exists(folder / "new"));
  CHECK(bytes_of(folder / "old") == "precious");
  CHECK(exists(folder / "used"));
}

TEST_CASE("a special file has nothing that could be lost") {
  CHECK(Writer::create("/dev/null", Overwrite::no).has_value());
  CHECK(exists("/dev/null"));
  CHECK(Writer::create("/dev/null", Overwrite::no).value().append("MEM 1 1\n").has_value());
}

TEST_CASE("a full device is an error that names the file") {
  auto writer = Writer::create("/dev/full", Overwrite::no).value();
  const auto appended = writer.append("MEM 1 1\n");
  REQUIRE_FALSE(appended.has_value());
  CHECK(appended.error().code == Errc::io);
  CHECK(appended.error().place == "/dev/full");
  CHECK(appended.error().what.find("no space left") != std::string::npos);
}

TEST_CASE("lines that did not fit are cut off again: the file ends with a whole line") {
  const TemporaryFolder folder;
  auto writer = Writer::create(folder / "f", Overwrite::no).value();
  const FileSizeLimit limit(20);
  REQUIRE(writer.append("MEM 1 1\nMEM 2 2\n").has_value());
  CHECK_FALSE(writer.append("MEM 3 3\n").has_value());
  CHECK(bytes_of(folder / "f") == "MEM 1 1\nMEM 2 2\n");
}

TEST_CASE("a folder that does not exist is not_found") {
  const auto writer = Writer::create("/nowhere/at/all.dat", Overwrite::no);
  REQUIRE_FALSE(writer.has_value());
  CHECK(writer.error().code == Errc::not_found);
}

TEST_CASE("a directory is never overwritten") {
  const TemporaryFolder folder;
  CHECK_FALSE(Writer::create(folder.path(), Overwrite::yes).has_value());
  CHECK_FALSE(Writer::create(folder.path(), Overwrite::no).has_value());
}

TEST_CASE("a recording is readable by others as far as the umask allows") {
  const TemporaryFolder folder;
  const auto previous = ::umask(027);
  auto writer = Writer::create(folder / "f", Overwrite::no).value();
  ::umask(previous);
  struct stat status {};
  REQUIRE(::stat((folder / "f").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("the file is not inherited by programs that are started later") {
  const TemporaryFolder folder;
  auto writer = Writer::create(folder / "f", Overwrite::no).value();
  REQUIRE(writer.append("MEM 1 1\n").has_value());
  const auto command = "ls -l /proc/self/fd | grep -q '" + folder.path() + "'";
  CHECK(::system(command.c_str()) != 0);
}
