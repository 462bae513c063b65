#include "mprofpp/store/reader.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "support/collector.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::model;
using namespace std::chrono_literals;
using test::bytes_of;
using test::Collector;
using test::data_file;
using test::TemporaryFolder;

namespace {

Collector read_all(const std::string& path) {
  Collector records;
  INFO("path: ", path);
  const auto done = store::read(path, records);
  REQUIRE(done.has_value());
  return records;
}

Error failure_of(const std::string& path) {
  Collector records;
  INFO("path: ", path);
  const auto done = store::read(path, records);
  REQUIRE_FALSE(done.has_value());
  return done.error();
}

std::size_t count_of(std::string_view text, std::string_view line_start) {
  std::size_t count = text.starts_with(line_start) ? 1 : 0;
  const auto wanted = "\n" + std::string(line_start);
  for (auto at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) ++count;
  return count;
}

/// Reads the file cut at every byte. All records whose line ends before the cut must be found, and
/// a line that is cut in two must be reported and not made up.
void check_at_every_length(const std::string& path) {
  const auto bytes = bytes_of(path);
  const auto whole = read_all(path).records;
  const TemporaryFolder folder;
  const auto cut_file = folder.write("cut.dat", bytes);

  for (std::size_t length = bytes.size() - 1; length > 0; --length) {
    CAPTURE(length);
    REQUIRE(::truncate(cut_file.c_str(), static_cast<off_t>(length)) == 0);
    const auto lines = std::count(bytes.begin(), bytes.begin() + static_cast<off_t>(length), '\n');
    const bool torn = bytes[length - 1] != '\n';
    Collector cut;
    const auto done = store::read(cut_file, cut);
    if (lines == 0) {
      REQUIRE_FALSE(done.has_value());
      continue;
    }
    REQUIRE(done.has_value());
    REQUIRE(cut.of<Damage>().size() == (torn ? 1U : 0U));
    if (torn) {
      REQUIRE(cut.of<Damage>()[0].line == static_cast<std::uint64_t>(lines) + 1);
      cut.records.pop_back();
    }
    REQUIRE(cut.records.size() <= whole.size());
    REQUIRE(std::equal(cut.records.begin(), cut.records.end(), whole.begin()));
  }
}

}  // namespace

TEST_CASE("mprof's recording of a server gives a record for every line") {
  const auto path = data_file("mprof-gunicorn-CM.dat");
  const auto bytes = bytes_of(path);
  const auto records = read_all(path);
  CHECK(records.of<Damage>().empty());
  CHECK(records.of<CommandLine>().size() == 1);
  CHECK(records.of<model::Sample>().size() == count_of(bytes, "MEM "));
  CHECK(records.of<ChildSample>().size() == count_of(bytes, "CHLD ") - count_of(bytes, "CHLD 0 "));
}

TEST_CASE("mprof's recording of functions gives a record for every line") {
  const auto path = data_file("mprof-python-func.dat");
  const auto bytes = bytes_of(path);
  const auto records = read_all(path);
  CHECK(records.of<Damage>().empty());
  CHECK(records.of<Call>().size() == count_of(bytes, "FUNC "));
  CHECK(records.of<model::Sample>().size() == count_of(bytes, "MEM "));
}

TEST_CASE(
    "a recording cut at any byte gives every record before the cut and reports the torn line") {
  SUBCASE("of a server") {
    check_at_every_length(data_file("mprof-gunicorn-CM.dat"));
  }
  SUBCASE("of functions") {
    check_at_every_length(data_file("mprof-python-func.dat"));
  }
  SUBCASE("of ours") {
    check_at_every_length(data_file("every-kind.dat"));
  }
}

TEST_CASE("lines after a torn one are read, and only the torn line is lost") {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "CMDLINE a\nMEM 1 1\nMEM 2 \nMEM 3 3\n");
  const auto records = read_all(path);
  CHECK(records.of<model::Sample>().size() == 2);
  REQUIRE(records.of<Damage>().size() == 1);
  CHECK(records.of<Damage>()[0].line == 3);
}

TEST_CASE("lines are read across the borders of blocks") {
  const TemporaryFolder folder;
  std::string text;
  constexpr int count = 60000;  // some 900 KiB: four blocks
  for (int i = 0; i < count; ++i)
    text += "MEM " + std::to_string(i) + " " + std::to_string(i) + "\n";
  for (const std::size_t shift : {0U, 1U, 7U}) {
    const auto records =
        read_all(folder.write("f", "CMDLINE " + std::string(shift, 'x') + "\n" + text));
    CHECK(records.of<Damage>().empty());
    const auto samples = records.of<model::Sample>();
    REQUIRE(samples.size() == count);
    for (int i = 0; i < count; ++i) REQUIRE(samples[static_cast<std::size_t>(i)].mib == i);
  }
}

TEST_CASE("a recording with Windows line ends is read like any other") {
  const TemporaryFolder folder;
  const auto records = read_all(folder.write("f", "CMDLINE a b\r\nMEM 1.5 2\r\nCHLD 3 4 2\r\n"));
  CHECK(records.of<CommandLine>()[0].text == "a b");
  CHECK(records.of<model::Sample>().size() == 1);
  CHECK(records.of<ChildSample>().size() == 1);
  CHECK(records.of<Damage>().empty());
}

TEST_CASE("empty lines and unknown kinds are skipped") {
  const TemporaryFolder folder;
  const auto records =
      read_all(folder.write("f", "\n\nMEM 1 1\n\nTHROTTLE 1 cgroup 5\nFOO\nMEM 2 2\n"));
  CHECK(records.of<model::Sample>().size() == 2);
  CHECK(records.of<Damage>().empty());
}

TEST_CASE("a name with a space in it costs its own line only") {
  const TemporaryFolder folder;
  const auto records = read_all(folder.write("f", "MEM 1 1\nFUNC .load data 1 2 3 4 0\nMEM 2 2\n"));
  CHECK(records.of<model::Sample>().size() == 2);
  CHECK(records.of<Damage>().size() == 1);
}

TEST_CASE("a command with a newline in it, as mprof writes it, costs its own line only") {
  const TemporaryFolder folder;
  const auto records = read_all(folder.write("f", "CMDLINE python -c a\nb\nMEM 1 1\n"));
  CHECK(records.of<model::Sample>().size() == 1);
}

TEST_CASE("a header without a sample is a recording without samples") {
  const TemporaryFolder folder;
  CHECK(read_all(folder.write("f", "CMDLINE a\n")).of<model::Sample>().empty());
}

TEST_CASE("an empty file is refused as such") {
  const TemporaryFolder folder;
  const auto error = failure_of(folder.write("f", ""));
  CHECK(error.code == Errc::malformed);
  CHECK(error.what.find("empty") != std::string::npos);
}

TEST_CASE("a file that is not a recording is refused, and the error describes one") {
  const TemporaryFolder folder;
  for (const std::string& bytes :
       {std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), std::string("#!/bin/sh\necho MEM\n"),
        std::string("\n\n\n"), std::string(1000, '\0'), std::string(300000, 'x')}) {
    const auto error = failure_of(folder.write("f", bytes));
    CHECK(error.code == Errc::malformed);
    CHECK(error.place == folder / "f");
    CHECK(error.what.find("not a recording") != std::string::npos);
    CHECK(error.hint.find(".dat") != std::string::npos);
  }
}

TEST_CASE("an executable is refused without reading all of it") {
  CHECK(failure_of("/proc/self/exe").code == Errc::malformed);
}

TEST_CASE("a directory is refused as such") {
  const TemporaryFolder folder;
  const auto error = failure_of(folder.path());
  CHECK(error.code == Errc::malformed);
  CHECK(error.what.find("directory") != std::string::npos);
}

TEST_CASE("a file that does not exist is not_found") {
  const auto error = failure_of("/nowhere/at/all.dat");
  CHECK(error.code == Errc::not_found);
  CHECK(error.place == "/nowhere/at/all.dat");
}

TEST_CASE("a recording of a newer mprofpp is refused, and the error names it") {
  const TemporaryFolder folder;
  const auto error = failure_of(folder.write("f", "CMDLINE a\nMETA format 2\nMEM 1 1\n"));
  CHECK(error.code == Errc::unsupported);
  CHECK(error.place == folder / "f");
}

TEST_CASE("a line longer than a block is the only one that is lost") {
  const TemporaryFolder folder;
  constexpr std::size_t block = 256 * 1024;
  for (const std::size_t length :
       {block - 1, block, block + 1, 2 * block, 2 * block + 1, 3 * block - 1}) {
    CAPTURE(length);
    const auto line = "PROC 1 2 3 4 x " + std::string(length - 15, 'x');
    const auto records = read_all(folder.write("f", "MEM 1 1\n" + line + "\nMEM 2 2\nMEM 3\n"));
    CHECK(records.of<model::Sample>() ==
          std::vector{Sample{1, Instant(1s)}, Sample{2, Instant(2s)}});
    const bool held = length < block;
    CHECK(records.of<model::Process>().size() == (held ? 1U : 0U));
    const auto damage = records.of<Damage>();
    REQUIRE(damage.size() == (held ? 1U : 2U));
    if (!held) CHECK(damage.front() == Damage{2, "longer than 256 KiB"});
    CHECK(damage.back().line == 4);
  }
}

TEST_CASE(
    "mprof's recording of a command line longer than a block is read, except for the command") {
  const TemporaryFolder folder;
  const auto records =
      read_all(folder.write("f", "CMDLINE " + std::string(600000, 'x') + "\nMEM 1 1\n"));
  CHECK(records.of<model::Sample>().size() == 1);
  CHECK(records.of<Damage>() == std::vector{Damage{1, "longer than 256 KiB"}});
}

TEST_CASE("a long line that never ends is reported once") {
  const TemporaryFolder folder;
  const auto records = read_all(folder.write("f", "MEM 1 1\nPROC " + std::string(900000, 'x')));
  CHECK(records.of<Damage>() == std::vector{Damage{2, "longer than 256 KiB"}});
}

TEST_CASE("a random byte anywhere costs at most its line and never crashes the reader") {
  const TemporaryFolder folder;
  const auto bytes = bytes_of(data_file("every-kind.dat"));
  const auto whole = read_all(data_file("every-kind.dat")).records.size();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char wrong : {'\0', '\xFF', ' ', '\n', '-', '9'}) {
      auto damaged = bytes;
      damaged[at] = wrong;
      Collector records;
      const auto done = store::read(folder.write("f", damaged), records);
      CAPTURE(at);
      if (!done)
        REQUIRE(done.error().code == Errc::unsupported);  // META format
      else
        REQUIRE(records.records.size() >= whole - 2);  // without a newline two lines become one
    }
  }
}

TEST_CASE("the time range is known from the ends of the file") {
  const TemporaryFolder folder;
  std::string text = "CMDLINE a\nMEM 1 100\n";
  for (int i = 101; i < 60000; ++i) text += "MEM 1 " + std::to_string(i) + "\n";
  const auto range = store::time_range(folder.write("f", text)).value();
  REQUIRE(range.has_value());
  CHECK(to_seconds(range->first) == 100);
  CHECK(to_seconds(range->last) == 59999);
}

TEST_CASE("a call that started before the first sample widens the time range") {
  const TemporaryFolder folder;
  const auto range =
      store::time_range(folder.write("f", "FUNC f 1 50 1 60 0\nMEM 1 100\nMEM 1 101\n")).value();
  CHECK(to_seconds(range->first) == 50);
}

TEST_CASE("a recording starts at the time in its header, before the first sample") {
  const TemporaryFolder folder;
  const auto text = "META start 99.5\nMEM 1 100\nMEM 1 101\n";
  CHECK(to_seconds(store::time_range(folder.write("f", text)).value()->first) == 99.5);
}

TEST_CASE("a recording without samples has no time range") {
  const TemporaryFolder folder;
  CHECK_FALSE(store::time_range(folder.write("f", "CMDLINE a\n")).value().has_value());
}
