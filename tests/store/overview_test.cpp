#include "mprofpp/store/overview.hpp"

#include <doctest/doctest.h>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using store::read_overview;
using test::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

const std::string header =
    "CMDLINE sleep \\$HOME\nMETA format 1\nMETA start 1000.000000\nMETA argv sleep %24HOME\n";
const std::string ending = "END 1012.500000 ended 7 33.250000 1004.000000\n";

/// Enough samples that the middle of the file is in neither end.
std::string samples(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "MEM 20.000000 " + std::to_string(1001 + i % 8) + ".000000\n";
  return text;
}

}  // namespace

TEST_CASE("a finished recording gives its figures without being read as a whole") {
  const TemporaryFolder folder;
  // the wrong peak in the middle shows that it was not read
  const auto path =
      folder.write("x.dat", header + samples(1000) + "MEM 999.0 1003.0\n" + samples(1000) + ending);
  const auto overview = read_overview(path).value();
  CHECK(overview.finished);
  CHECK(overview.samples == 7);
  CHECK(overview.peak_mib == 33.25);
  CHECK(overview.start == Instant{1000s});
  CHECK(overview.duration == 12500ms);
  CHECK(overview.command == "sleep \"$HOME\"");
}

TEST_CASE("an unfinished recording is read as a whole if it is small") {
  const TemporaryFolder folder;
  const auto path =
      folder.write("x.dat", header + samples(2000) + "MEM 50.5 1020.0\n" + samples(10));
  const auto overview = read_overview(path).value();
  CHECK_FALSE(overview.finished);
  CHECK(overview.samples == 2011);
  CHECK(overview.peak_mib == 50.5);
  CHECK(overview.duration == 20s);
}

TEST_CASE("samples and peak of a large unfinished recording stay unknown") {
  const TemporaryFolder folder;
  const auto path = folder.write("x.dat", header + samples(2000));
  const auto overview = read_overview(path, 1000).value();
  CHECK_FALSE(overview.samples.has_value());
  CHECK_FALSE(overview.peak_mib.has_value());
  CHECK(overview.start == Instant{1000s});
  CHECK(overview.duration == 8s);
}

TEST_CASE("a recording that mprof made has a command, a start and a peak") {
  const auto overview = read_overview(test::data_file("mprof-gunicorn-CM.dat")).value();
  CHECK(overview.command == "/usr/bin/gunicorn -c gunicorn_config.py profile_server:app");
  CHECK(overview.samples == 102);
  CHECK(overview.peak_mib == doctest::Approx(363.566406));
  CHECK_FALSE(overview.finished);
}

TEST_CASE("a file that is not a recording has no summary") {
  const TemporaryFolder folder;
  CHECK(read_overview(folder.write("empty.dat", "")).error().code == Errc::malformed);
  CHECK(read_overview(folder.write("text.dat", "hello\nworld\n")).error().code == Errc::malformed);
  CHECK(read_overview(folder / "missing.dat").error().code == Errc::not_found);
}

TEST_CASE("the kernel's peak is reported if it covers all that was measured") {
  const TemporaryFolder folder;
  const auto kernel_peak = [&](const std::string& tree, const std::string& peak) {
    const auto path = folder.write("x.dat", header + "META root 7\nMETA tree " + tree + "\n" +
                                                samples(1) + peak + " hwm\n" + ending);
    return read_overview(path).value().kernel_mib;
  };
  CHECK(kernel_peak("-", "PEAK 7 64.0") == 64);
  CHECK(kernel_peak("-", "PEAK 8 64.0") == std::nullopt);
  CHECK(kernel_peak("CM", "PEAK 7 64.0") == std::nullopt);
  CHECK(kernel_peak("CM", "PEAK 7 64.0 rusage\nPEAK 8 5.0") == 64);
  CHECK(kernel_peak("-", "PEAK 7 64.0 tree-max\nPEAK 8 5.0") == std::nullopt);
}

TEST_CASE("the better of two peaks is the higher one, and unknown is not zero") {
  store::Overview overview;
  CHECK_FALSE(best_mib(overview).has_value());
  overview.peak_mib = 5;
  CHECK(best_mib(overview) == 5);
  overview.kernel_mib = 64;
  CHECK(best_mib(overview) == 64);
}
