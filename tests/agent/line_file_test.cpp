#include "core/line_file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/temporary_folder.hpp"

using namespace mprofpp;

namespace {

wire::TextView view(const std::string& text) {
  return {text.data(), text.size()};
}

struct Fixture {
  ~Fixture() { file.forget(); }
  bool create() { return file.create({folder.path().c_str(), 42, 42, 1, 2}); }
  std::uintmax_t size() const { return std::filesystem::file_size(folder / "42.2.lines"); }

  test::TemporaryFolder folder;
  agent::LineFile file;
  const std::string name = "app.upload";
};

/// Lowers the limit on file sizes for as long as it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit lower{bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &lower) == 0);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "a file of lines appears complete, and its size is the memory it takes") {
  REQUIRE(create());
  CHECK(file.memory() == size());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  file.add_memory(100);
  CHECK(file.memory() == size() + 100);
  file.forget();
  CHECK(file.memory() == 100);
}

TEST_CASE_FIXTURE(Fixture, "blocks stay where they are while the file grows") {
  REQUIRE(create());
  const auto first_size = size();
  auto* const function = file.add_function(view(name), view("app.py"), 7, 4);
  REQUIRE(function != nullptr);
  auto* const first = file.add_lines(function->number, 7);
  first->lines[3].count.store(5);
  while (size() == first_size) REQUIRE(file.add_lines(function->number, 39) != nullptr);
  CHECK(first->lines[3].count.load() == 5);
  CHECK(std::string(reinterpret_cast<char*>(function + 1), 16) == "app.uploadapp.py");
  CHECK(function->precision == 4);
  CHECK(file.memory() == size());
}

TEST_CASE_FIXTURE(Fixture, "a file of lines grows when the process may no longer open it") {
  REQUIRE(create());
  std::filesystem::rename(folder / "42.2.lines", folder / "moved");
  const auto before = file.memory();
  while (file.memory() == before) REQUIRE(file.add_lines(0, 7) != nullptr);
  CHECK(std::filesystem::file_size(folder / "moved") == file.memory());
}

TEST_CASE_FIXTURE(Fixture, "a file of lines grows after the program has closed its descriptor") {
  REQUIRE(create());
  for (int fd = 3; fd < 1024; ++fd) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
    if (!error && target.extension() == ".lines") CHECK(::close(fd) == 0);
  }
  const auto before = size();
  while (size() == before) REQUIRE(file.add_lines(0, 7) != nullptr);
  CHECK(file.memory() == size());
}

TEST_CASE_FIXTURE(Fixture, "a file of lines has a limit, at which it says that it is full") {
  REQUIRE(create());
  auto* const function = file.add_function(view(name), view("app.py"), 7, -1);
  auto* const header = reinterpret_cast<wire::LineTableHeader*>(function) - 1;
  while (file.add_lines(function->number, 7) != nullptr) CHECK(header->facts.load() == 0);
  CHECK(header->facts.load() == wire::tables_full);
  CHECK(size() == agent::LineFile::most_size);
  CHECK(header->used.load() <= size());
  CHECK_FALSE(file.add_name(view(std::string(4000, 'x'))));
}

TEST_CASE_FIXTURE(Fixture, "a file of lines never grows beyond the limit on file sizes") {
  {
    const FileSizeLimit limit(32 << 10);
    CHECK_FALSE(create());
    CHECK(file.has_failed());
    CHECK(std::filesystem::is_empty(folder.path()));
  }
  file.forget();
  REQUIRE(create());
  const FileSizeLimit limit(100 << 10);
  int blocks = 0;
  while (file.add_lines(0, 7) != nullptr) ++blocks;
  CHECK(blocks > 40);
  CHECK(size() == 64 << 10);
}

TEST_CASE_FIXTURE(Fixture, "a sandboxed process does not let its file of lines grow") {
  REQUIRE(create());
  file.stay_as_it_is();
  const auto before = size();
  while (file.add_lines(0, 7) != nullptr) {
  }
  CHECK(size() == before);
}

TEST_CASE_FIXTURE(Fixture, "the largest high-water mark is kept") {
  CHECK(file.highest() == 0);
  REQUIRE(create());
  file.note_highest(5000);
  file.note_highest(4000);
  CHECK(file.highest() == 5000);
}
