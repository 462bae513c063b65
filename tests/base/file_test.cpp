#include "mprofpp/base/file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using test::TemporaryFolder;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    reading = Fd(ends[0]);
    writing = Fd(ends[1]);
  }
  Fd reading;
  Fd writing;
};

}  // namespace

TEST_CASE("a file is read to its end, whatever its length") {
  const TemporaryFolder folder;
  for (const std::size_t length : {0U, 1U, 4095U, 4096U, 4097U, 100000U}) {
    CAPTURE(length);
    const std::string bytes(length, 'x');
    CHECK(read_file(folder.write("f", bytes)).value() == bytes);
  }
}

TEST_CASE("a file in /proc is read although it reports a size of 0") {
  CHECK(read_file("/proc/self/stat").value().size() > 20);
}

TEST_CASE("a file that does not exist is not_found, and the error names it") {
  const auto text = read_file("/nowhere/at/all");
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().code == Errc::not_found);
  CHECK(text.error().place == "/nowhere/at/all");
}

TEST_CASE("a directory can be opened but not read, and the error names it") {
  const TemporaryFolder folder;
  const auto text = read_file(folder.path());
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().code == Errc::io);
  CHECK(text.error().place == folder.path());
}

TEST_CASE("a block is short only at the end of the file") {
  const TemporaryFolder folder;
  const auto fd = open_for_reading(folder.write("f", "0123456789")).value();
  std::array<char, 4> block;
  CHECK(read_block(fd.get(), block).value() == 4);
  CHECK(read_block(fd.get(), block).value() == 4);
  CHECK(read_block(fd.get(), block).value() == 2);
  CHECK(read_block(fd.get(), block).value() == 0);
}

TEST_CASE("reading a block at an offset does not move the file's position") {
  const TemporaryFolder folder;
  const auto fd = open_for_reading(folder.write("f", "0123456789")).value();
  std::array<char, 4> block;
  CHECK(read_block_at(fd.get(), block, 8).value() == 2);
  CHECK(std::string(block.data(), 2) == "89");
  CHECK(read_block(fd.get(), block).value() == 4);
  CHECK(std::string(block.data(), 4) == "0123");
}

TEST_CASE("everything is written, even if a pipe takes it in parts") {
  Pipe pipe;
  const std::string sent(10000, 'y');
  REQUIRE(write_all(pipe.writing.get(), sent).has_value());
  pipe.writing.close();
  std::string received(20000, '\0');
  CHECK(read_block(pipe.reading.get(), received).value() == 10000);
}

TEST_CASE("a write that fails returns the system's message") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  const auto written = write_all(full.get(), "x");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == Errc::io);
  CHECK(written.error().what == "cannot write: no space left on device");
}

TEST_CASE("a descriptor is closed by its owner, once, and moves with it") {
  int number = -1;
  {
    Pipe pipe;
    number = pipe.reading.get();
    Fd moved(std::move(pipe.reading));
    CHECK(moved.get() == number);
    CHECK_FALSE(pipe.reading);
    CHECK(::fcntl(number, F_GETFD) >= 0);
  }
  CHECK(::fcntl(number, F_GETFD) == -1);
}

TEST_CASE("a descriptor that was given up stays open") {
  Pipe pipe;
  const int number = pipe.writing.release();
  CHECK_FALSE(pipe.writing);
  CHECK(::fcntl(number, F_GETFD) >= 0);
  ::close(number);
}

TEST_CASE("a file is replaced in one step and nothing is left next to it") {
  const TemporaryFolder folder;
  const auto path = folder.write("x.png", "old");
  REQUIRE(replace_file(path, "new").has_value());
  CHECK(read_file(path).value() == "new");
  REQUIRE(replace_file(folder / "fresh.png", "fresh").has_value());
  CHECK(read_file(folder / "fresh.png").value() == "fresh");
  const std::filesystem::directory_iterator entries(folder.path());
  CHECK(std::distance(begin(entries), end(entries)) == 2);
}

TEST_CASE("replacing the target of a symbolic link keeps the link") {
  const TemporaryFolder folder;
  folder.write("real", "old");
  std::filesystem::create_symlink("real", folder / "link");
  REQUIRE(replace_file(folder / "link", "new").has_value());
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_file(folder / "real").value() == "new");
}

TEST_CASE("a file that is not regular is written to and not replaced") {
  REQUIRE(replace_file("/dev/null", "bytes").has_value());
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("a file that cannot be written has its own name in the error") {
  const TemporaryFolder folder;
  const auto nowhere = folder / "no/such/folder/x.png";
  const auto written = replace_file(nowhere, "bytes");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == Errc::not_found);
  CHECK(written.error().place == nowhere);
  CHECK_FALSE(replace_file(folder.path(), "bytes").has_value());
  CHECK(std::filesystem::is_empty(folder.path()));
}
