#include "mprofpp/report/process_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "recorded.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using test::recorded;
using test::TemporaryFolder;

namespace {

std::string tree_of(std::string_view text, Detail detail = Detail::peaks) {
  const TemporaryFolder folder;
  const auto run = recorded(folder, text);
  return process_tree_text(read_peaks(run, {}).value(), detail);
}

}  // namespace

TEST_CASE("children are below their parent and indented") {
  CHECK(tree_of(test::family) ==
        "      PEAK      FIRST   LAST  PROCESS\n"
        "  10.0 MiB  the start  4.0 s  100 make -j\n"
        "  45.0 MiB      1.0 s  3.0 s    101 cc1plus x.cpp\n");
}

TEST_CASE("details add the share of the machine's memory and the address space") {
  const auto text = tree_of(test::family, Detail::all);
  CHECK(text.find("PEAK  %MEM  VSZ") != std::string::npos);
  CHECK(text.find("45.0 MiB   4.5    -") != std::string::npos);
}

TEST_CASE("a process whose parent is not in the recording is not indented") {
  const auto text = tree_of("MEM 1.0 1000.0\nPROC 7 1 3 1000.0 a -\nCHLD 7 1.0 1000.0\n");
  CHECK(text.find("  7 a\n") != std::string::npos);
}

TEST_CASE("a child that was seen before its parent is below it") {
  const auto text = tree_of(
      "MEM 1.0 1000.0\nPROC 8 2 7 1000.1 child -\nEXIT 8 1000.1 0\nPROC 7 1 3 1000.2 parent -\n"
      "CHLD 7 1.0 1000.2\n");
  CHECK(text.find("  7 parent\n") != std::string::npos);
  CHECK(text.find("    8 child\n") != std::string::npos);
  CHECK(text.find("7 parent") < text.find("8 child"));
}

TEST_CASE("a process with a reused pid is not the parent of a child that started before it") {
  const auto text = tree_of(
      "MEM 1.0 1000.0\nPROC 7 1 3 1000.0 old -\nPROC 8 2 7 1000.1 child -\nEXIT 7 1000.2 0\n"
      "PROC 7 5 3 1000.3 new -\nCHLD 7 1.0 1000.3\n");
  CHECK(text.find("old") < text.find("    8 child"));
  CHECK(text.find("    8 child") < text.find("new"));
}

TEST_CASE("without a known start, a parent must have been seen before its child") {
  const auto text = tree_of(
      "MEM 1.0 1000.0\nPROC 8 0 7 1000.1 child -\nPROC 7 0 3 1000.2 other -\n"
      "CHLD 7 1.0 1000.2\n");
  CHECK(text.find("    8 child") == std::string::npos);
}

TEST_CASE("processes whose reused pids form a ring are each listed once") {
  const auto text = tree_of(
      "MEM 1.0 1000.0\nPROC 7 1 8 1000.0 a -\nPROC 8 1 7 1000.0 b -\nCHLD 7 1.0 1000.0\n"
      "CHLD 8 1.0 1000.0\n");
  CHECK(text.find("7 a\n") != std::string::npos);
  CHECK(text.find("8 b\n") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("the other titles of a process follow its command") {
  const auto text = tree_of(
      "MEM 1.0 1000.0\nPROC 7 1 1 1000.0 db idle\nCHLD 7 1.0 1000.0\nPROC 7 1 1 1001.0 db SELECT\n"
      "MEM 9.0 1001.0\nCHLD 7 9.0 1001.0\n");
  CHECK(text.find("7 SELECT (also: idle)\n") != std::string::npos);
}

TEST_CASE("a recording that names no processes has no tree") {
  CHECK(tree_of("MEM 1.0 1000.0\n").empty());
}
