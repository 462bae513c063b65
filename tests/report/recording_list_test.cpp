#include "mprofpp/report/recording_list.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using namespace std::chrono_literals;
using nlohmann::json;
using test::TemporaryFolder;

namespace {

std::chrono::seconds utc(Instant) {
  return 0s;
}

ListedRecording listed(std::optional<std::size_t> index, const std::string& name) {
  store::Overview overview;
  overview.command = "./a.out";
  overview.start = Instant(1795177412s);  // 2026-11-20 12:23:32 UTC
  overview.duration = 90s;
  overview.samples = 900;
  overview.peak_mib = 50;
  return {index, name, overview};
}

}  // namespace

TEST_CASE("a row has index, name, start, length, samples, peak and command") {
  const auto text = list_text({listed(0, "mprofile_20261120122332.dat")}, 0, utc);
  CHECK(
      text ==
      "0  mprofile_20261120122332.dat  12:23:32 20/11/2026  1 min 30 s  900  50.0 MiB  ./a.out\n");
}

TEST_CASE("the start of a recording with another name is in local time") {
  const auto ahead = [](Instant) { return 2h; };
  CHECK(list_text({listed(std::nullopt, "x.dat")}, 0, ahead) ==
        "-  x.dat  14:23:32 20/11/2026  1 min 30 s  900  50.0 MiB  ./a.out\n");
}

TEST_CASE("a narrow terminal leaves out the start and the samples") {
  CHECK(list_text({listed(0, "mprofile_20261120122332.dat")}, 70, utc) ==
        "0  mprofile_20261120122332.dat  1 min 30 s  50.0 MiB  ./a.out\n");
}

TEST_CASE("figures that are not known are dashes") {
  auto row = listed(std::nullopt, "x.dat");
  row.overview->samples = std::nullopt;
  row.overview->peak_mib = std::nullopt;
  CHECK(list_text({row}, 0, utc).find("1 min 30 s  -  -  ./a.out") != std::string::npos);
}

TEST_CASE("a peak that is only known of one process is a lower bound") {
  auto row = listed(std::nullopt, "x.dat");
  row.overview->largest_process_mib = 80;
  CHECK(list_text({row}, 0, utc).find("≥ 80.0 MiB") != std::string::npos);
}

TEST_CASE("a file with several runs says that the row is the last of them") {
  auto row = listed(std::nullopt, "x.dat");
  row.overview->runs = 3;
  CHECK(list_text({row}, 0, utc).find("(the last of 3 runs) ./a.out") != std::string::npos);
}

TEST_CASE("a file that cannot be read is a row with the reason") {
  const ListedRecording row{0, "mprofile_20261120122332.dat",
                            fail(Errc::denied, "x", "cannot open: permission denied")};
  CHECK(list_text({row}, 0, utc) ==
        "0  mprofile_20261120122332.dat  12:23:32 20/11/2026  -  -  -  "
        "(cannot open: permission denied)\n");
  const auto fields = json::parse(list_json({row}))["recordings"][0];
  CHECK(fields["error"] == "cannot open: permission denied");
  CHECK_FALSE(fields.contains("command"));
}

TEST_CASE("JSON has all figures, and null for those that are not known") {
  const auto fields = json::parse(list_json({listed(std::nullopt, "x.dat")}));
  CHECK(fields["schema"] == 1);
  const auto row = fields["recordings"][0];
  CHECK(row["index"].is_null());
  CHECK(row["file"] == "x.dat");
  CHECK(row["start"] == 1795177412.0);
  CHECK(row["duration_s"] == 90.0);
  CHECK(row["samples"] == 900);
  CHECK(row["peak_mib"] == 50.0);
  CHECK(row["kernel_mib"].is_null());
  CHECK(row["finished"] == false);
}

TEST_CASE("a folder's recordings with default names come first and have an index") {
  const TemporaryFolder folder;
  const std::string recording = "CMDLINE a\nMEM 1.0 1000.0\n";
  folder.write("server.dat", recording);
  folder.write("mprofile_20261120122332.dat", recording);
  folder.write("notes.txt", recording);
  const auto rows = list_folder(folder.path()).value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].index == 0);
  CHECK(rows[0].name == "mprofile_20261120122332.dat");
  CHECK(rows[0].overview->peak_mib == 1.0);
  CHECK_FALSE(rows[1].index.has_value());
  CHECK(rows[1].name == "server.dat");
}

TEST_CASE("a folder that does not exist cannot be listed") {
  CHECK(list_folder("/no/such/folder").error().code == Errc::not_found);
}
