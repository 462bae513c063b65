#include "core/note.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "mprofpp/wire/names.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;

TEST_CASE("a note is an empty file in the folder of the run, and may be left again") {
  const test::TemporaryFolder folder;
  errno = EBUSY;
  agent::leave_note(folder.path().c_str(), wire::decorated_note);
  agent::leave_note(folder.path().c_str(), wire::decorated_note);
  CHECK(errno == EBUSY);
  CHECK(std::filesystem::file_size(folder / wire::decorated_note) == 0);
}

TEST_CASE("a note that cannot be a file is sent through the bell") {
  const test::TemporaryFolder folder;
  const auto path = folder / wire::bell_name;
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const int bell = ::open(path.c_str(), O_RDWR | O_NONBLOCK);
  agent::leave_note(folder.path().c_str(), "missing/note");
  char bytes[64];
  const auto got = ::read(bell, bytes, sizeof bytes);
  ::close(bell);
  REQUIRE(got > 0);
  CHECK(std::string(bytes, static_cast<std::size_t>(got)) == "missing/note\n");
}

TEST_CASE("a note is lost without harm if there is neither a folder nor a bell") {
  const test::TemporaryFolder folder;
  errno = EBUSY;
  agent::leave_note((folder / "missing").c_str(), wire::decorated_note);
  agent::leave_note(std::string(600, 'x').c_str(), wire::decorated_note);
  CHECK(errno == EBUSY);
}
