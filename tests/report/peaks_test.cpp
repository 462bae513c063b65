#include "mprofpp/report/peaks.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "recorded.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using nlohmann::json;
using test::recorded;
using test::TemporaryFolder;

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct Peaks {
  TemporaryFolder folder;
  RecordedRun run;
  analysis::PeakReport report;

  explicit Peaks(std::string_view text, const TimeWindow& window = {})
      : run(recorded(folder, text)) {
    report = read_peaks(run, window_in(run, window).value()).value();
  }

  std::string text(Detail detail = Detail::peaks) const { return peaks_text(run, report, detail); }
  json fields() const { return json::parse(peaks_json(run, report)); }
};

}  // namespace

TEST_CASE("the lines are those of mprof, with the sample and its time between them") {
  const Peaks peaks("CMDLINE x\nMEM 1.5 1000.0\nMEM 2.25 1002.5\nCHLD 7 0.5 1002.5\n");
  CHECK(peaks.text() ==
        "x.dat\t2.250 MiB\n"
        "  sampled 2.250 MiB at 2.5 s\n"
        "  Child 7\t\t\t0.500 MiB\n");
}

TEST_CASE("a process that had more than any sample is a lower bound for its tree") {
  const Peaks peaks(
      "META format 1\nMETA tree C\nMEM 10.0 1000.0\nPROC 7 1 1 1000.0 a -\n"
      "PROC 8 2 7 1000.0 b -\nPEAK 8 90.0 hwm\n");
  CHECK(has(peaks.text(), "x.dat\t90.000 MiB\n"));
  CHECK(has(peaks.text(), "largest single process 90.000 MiB: the tree had at least that much"));
  CHECK(peaks.fields()["peak_is_lower_bound"] == true);
  CHECK(peaks.fields()["largest_process_mib"] == 90);
}

TEST_CASE("losses are listed in one line, and only those that there are") {
  const Peaks peaks(
      "MEM 1.0 1000.0\nLOST 1000.0 ticks 1\nLOST 1000.0 marks 2\nLOST 1000.0 suspended 90\n");
  CHECK(has(peaks.text(), "  1 tick missed, 2 marks lost, suspended for 1 min 30 s\n"));
  CHECK(peaks.fields()["losses"] == json({{"ticks", 1},
                                          {"marks", 2},
                                          {"processes", 0},
                                          {"censuses", 0},
                                          {"suspended_s", 90.0},
                                          {"change_mib", 0.0}}));
}

TEST_CASE("processes that no sample has seen are reported as run does") {
  const Peaks peaks("MEM 1.0 1000.0\nLOST 1000.0 processes 566\n");
  CHECK(has(peaks.text(),
            "  up to 566 processes started and exited between two samples, perhaps not yours "
            "(a smaller -T catches more)\n"));
}

TEST_CASE("details are printed only on request") {
  const Peaks peaks(test::family);
  CHECK_FALSE(has(peaks.text(), "the machine's"));
  CHECK(has(peaks.text(Detail::all), "  5.0 % of the machine's 1000.0 MiB\n"));
  CHECK(has(peaks.text(Detail::all), "at the end 10.000 MiB, 4 samples in 4.0 s"));
}

TEST_CASE("an additional metric has its peak, the time of it and the number of its readings") {
  const Peaks peaks(
      "META metrics pss\nMEM 5.0 1000.0 pss=3.0\nMEM 5.0 1001.0 pss=4.0\nMEM 5.0 1002.0\n");
  CHECK(has(peaks.text(Detail::all), "  pss 4.000 MiB at 1.0 s, 2 readings\n"));
  const auto pss = peaks.fields()["metrics"]["pss"];
  CHECK(pss["peak_mib"] == 4.0);
  CHECK(pss["at_s"] == 1.0);
  CHECK(pss["readings"] == 2);
}

TEST_CASE("JSON is one line with the recording, the peak and the processes") {
  const Peaks peaks(test::family);
  const auto text = peaks_json(peaks.run, peaks.report);
  CHECK(text.find('\n') == text.size() - 1);
  const auto fields = peaks.fields();
  CHECK(fields["schema"] == 1);
  CHECK(fields["file"] == "x.dat");
  CHECK(fields["run"] == 1);
  CHECK(fields["runs"] == 1);
  CHECK(fields["metric"] == "rss");
  CHECK(fields["peak_mib"] == 50.0);
  CHECK(fields["sampled_at_s"] == 2.0);
  CHECK(fields["mem_percent"] == 5.0);
  const auto child = fields["processes"][1];
  CHECK(child["pid"] == 101);
  CHECK(child["parent"] == 100);
  CHECK(child["command"] == "cc1plus x.cpp");
  CHECK(child["kernel_mib"] == 45.0);
  CHECK(child["kernel_source"] == "hwm");
  CHECK(child["first_seen_s"] == 1.0);
}

TEST_CASE("unknown values are null in JSON") {
  const auto fields = Peaks("MEM 1.0 1000.0\n").fields();
  for (const char* name :
       {"kernel_mib", "kernel_source", "host_memory_mib", "mem_percent", "vsz_mib"}) {
    CAPTURE(name);
    CHECK(fields[name].is_null());
  }
}

TEST_CASE("the name of a file that is not UTF-8 does not break JSON") {
  Peaks peaks("MEM 1.0 1000.0\n");
  peaks.run.name = "\xff.dat";
  CHECK(peaks.fields()["file"] == "\xEF\xBF\xBD.dat");
}

TEST_CASE("a window without a sample has no peak, and that is not an error") {
  const Peaks peaks(test::family, {std::chrono::hours(1), std::nullopt});
  CHECK_FALSE(peaks.report.sampled.has_value());
}

TEST_CASE("only samples within the window count") {
  const Peaks peaks(test::family, {std::nullopt, std::chrono::seconds(1)});
  CHECK(peaks.report.sampled->mib == 40);
}
