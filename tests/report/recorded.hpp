#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "mprofpp/report/recording.hpp"
#include "support/temporary_folder.hpp"

/// Recordings on disk for the tests of reports.
namespace mprofpp::test {

/// A parent and its child with -C -M for four seconds, and a function of the child.
inline constexpr std::string_view family =
    "CMDLINE make -j\n"
    "META format 1\n"
    "META metric rss\n"
    "META host_memory 1000\n"
    "META tree CM\n"
    "META root 100\n"
    "PROC 100 1 1 1000.0 make make%20-j\n"
    "MEM 10.0 1000.0\n"
    "PROC 101 2 100 1001.0 cc1plus cc1plus%20x.cpp\n"
    "MEM 40.0 1001.0\n"
    "CHLD 101 30.0 1001.0\n"
    "FUNC app.load 40.0 1001.2 50.0 1001.8 0 101 t101 30.0 40.0 -\n"
    "MEM 50.0 1002.0\n"
    "CHLD 101 40.0 1002.0\n"
    "FUNC app.parse 50.0 1002.1 50.0 1002.2 0 101 t101 40.0 40.0 -\n"
    "PEAK 101 45.0 hwm\n"
    "EXIT 101 1003.0 0\n"
    "MEM 10.0 1004.0\n"
    "EXIT 100 1004.0 0\n"
    "END 1004.0 ended 4 50.0 1002.0\n";

/// Two runs of mprof in one file: 3 MiB, then 7 MiB.
inline constexpr std::string_view two_runs =
    "CMDLINE first\n"
    "MEM 3.0 1000.0\n"
    "CMDLINE second\n"
    "MEM 7.0 2000.0\n"
    "MEM 5.0 2010.0\n";

/// Writes a recording and returns its last run, called x.dat.
inline report::RecordedRun recorded(const TemporaryFolder& folder, std::string_view text) {
  const auto run = report::last_run("x.dat", folder.write("file", text));
  REQUIRE(run.has_value());
  return *run;
}

}  // namespace mprofpp::test
