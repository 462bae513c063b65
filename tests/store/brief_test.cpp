#include "mprofpp/store/brief.hpp"

#include <doctest/doctest.h>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using store::read_brief;
using test::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

const std::string heading =
    "CMDLINE sleep \\$HOME\nMETA format 1\nMETA start 1000.000000\nMETA argv sleep %24HOME\n";
const std::string ending = "END 1012.500000 ended 7 33.250000 1004.000000\n";

/// Samples enough that the middle of the file is in neither end.
std::string samples(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "MEM 20.000000 " + std::to_string(1001 + i % 8) + ".000000\n";
  return text;
}

}  // namespace

TEST_CASE("a finished recording tells its figures without being read whole") {
  const TemporaryFolder folder;
  // the wrong peak in the middle shows that nobody looked there
  const auto path = folder.write(
      "x.dat", heading + samples(1000) + "MEM 999.0 1003.0\n" + samples(1000) + ending);
  const auto brief = read_brief(path).value();
  CHECK(brief.finished);
  CHECK(brief.samples == 7);
  CHECK(brief.peak_mib == 33.25);
  CHECK(brief.start == Instant{1000s});
  CHECK(brief.duration == 12500ms);
  CHECK(brief.command == "sleep \"$HOME\"");
}

TEST_CASE("a recording that nobody finished is read whole while it is small") {
  const TemporaryFolder folder;
  const auto path =
      folder.write("x.dat", heading + samples(2000) + "MEM 50.5 1020.0\n" + samples(10));
  const auto brief = read_brief(path).value();
  CHECK_FALSE(brief.finished);
  CHECK(brief.samples == 2011);
  CHECK(brief.peak_mib == 50.5);
  CHECK(brief.duration == 20s);
}

TEST_CASE("of a big one that nobody finished, samples and peak stay unknown") {
  const TemporaryFolder folder;
  const auto path = folder.write("x.dat", heading + samples(2000));
  const auto brief = read_brief(path, 1000).value();
  CHECK_FALSE(brief.samples.has_value());
  CHECK_FALSE(brief.peak_mib.has_value());
  CHECK(brief.start == Instant{1000s});
  CHECK(brief.duration == 8s);
}

TEST_CASE("a recording that mprof made has a command, a start and a peak") {
  const auto brief = read_brief(test::data_file("mprof-gunicorn-CM.dat")).value();
  CHECK(brief.command == "/usr/bin/gunicorn -c gunicorn_config.py profile_server:app");
  CHECK(brief.samples == 102);
  CHECK(brief.peak_mib == doctest::Approx(363.566406));
  CHECK_FALSE(brief.finished);
}

TEST_CASE("what is no recording has no brief") {
  const TemporaryFolder folder;
  CHECK(read_brief(folder.write("empty.dat", "")).error().code == Errc::malformed);
  CHECK(read_brief(folder.write("text.dat", "hello\nworld\n")).error().code == Errc::malformed);
  CHECK(read_brief(folder / "missing.dat").error().code == Errc::not_found);
}

TEST_CASE("the kernel's peak is told where it is of all that was measured") {
  const TemporaryFolder folder;
  const auto kernel_peak = [&](const std::string& tree, const std::string& peak) {
    const auto path = folder.write("x.dat", heading + "META root 7\nMETA tree " + tree + "\n" +
                                                samples(1) + peak + " hwm\n" + ending);
    return read_brief(path).value().kernel_mib;
  };
  CHECK(kernel_peak("-", "PEAK 7 64.0") == 64);
  CHECK(kernel_peak("-", "PEAK 8 64.0") == std::nullopt);
  CHECK(kernel_peak("CM", "PEAK 7 64.0") == std::nullopt);
  CHECK(kernel_peak("CM", "PEAK 7 64.0 rusage\nPEAK 8 5.0") == 64);
  CHECK(kernel_peak("-", "PEAK 7 64.0 tree-max\nPEAK 8 5.0") == std::nullopt);
}

TEST_CASE("the better of two peaks is the higher one, and unknown is not zero") {
  store::Brief brief;
  CHECK_FALSE(best_mib(brief).has_value());
  brief.peak_mib = 5;
  CHECK(best_mib(brief) == 5);
  brief.kernel_mib = 64;
  CHECK(best_mib(brief) == 64);
}
