#include "mprofpp/analysis/titles.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using analysis::Titles;
using Texts = std::vector<std::string>;

namespace {

model::Process called(std::string command) {
  model::Process process;
  process.name = "x";
  process.command = std::move(command);
  return process;
}

}  // namespace

TEST_CASE("a process is called by the title that it had at its peak, and the others are listed") {
  Titles titles;
  titles.change(called("idle"), nullptr);
  titles.observe(10);
  titles.change(called("SELECT"), nullptr);
  titles.observe(90);
  titles.change(called("idle"), nullptr);
  titles.observe(20);
  CHECK(titles.at_peak().command == "SELECT");
  CHECK(titles.other_titles() == Texts{"idle"});
}

TEST_CASE("a process whose memory is unknown is called by its last title") {
  Titles titles;
  titles.change(called("first"), nullptr);
  titles.change(called("last"), nullptr);
  CHECK(titles.at_peak().command == "last");
  CHECK(titles.other_titles() == Texts{"first"});
}

TEST_CASE("a forked process is not called by its parent's title once it has its own") {
  Titles parent;
  parent.change(called("sh many.sh"), nullptr);
  Titles child;
  child.change(called("sh many.sh"), &parent);
  child.observe(50);
  child.change(called("sleep 2"), &parent);
  child.observe(5);
  CHECK(child.at_peak().command == "sleep 2");
  CHECK(child.other_titles().empty());
}

TEST_CASE("a name that was known before the command does not count as a title") {
  Titles titles;
  auto newborn = called("");
  newborn.name = "sh";
  titles.change(newborn, nullptr);
  titles.observe(50);
  titles.change(called("sleep 2"), nullptr);
  CHECK(titles.at_peak().command == "sleep 2");
  CHECK(titles.other_titles().empty());
}

TEST_CASE("the stub that becomes a program does not count as a title of it") {
  Titles titles;
  auto stub = called("/opt/my tools/libexec/mprofpp/hold 4 7 20000 0 default sleep .1");
  stub.name = "hold";
  titles.change(stub, nullptr);
  titles.observe(50);
  titles.change(called("sleep .1"), nullptr);
  CHECK(titles.at_peak().command == "sleep .1");
  CHECK(titles.other_titles().empty());
}

TEST_CASE("another program that is called hold counts as a title") {
  Titles titles;
  auto other = called("/usr/bin/hold 1");
  other.name = "hold";
  titles.change(other, nullptr);
  titles.change(called("sleep .1"), nullptr);
  CHECK(titles.other_titles() == Texts{"/usr/bin/hold 1"});
}

TEST_CASE("a kernel peak a little above the last sample is of the same moment") {
  Titles titles;
  titles.change(called("large"), nullptr);
  titles.observe(100);
  titles.change(called("idle"), nullptr);
  titles.observe_between_samples(100.5);
  CHECK(titles.at_peak().command == "large");
  titles.observe_between_samples(200);
  CHECK(titles.at_peak().command == "idle");
}

TEST_CASE("titles beyond a limit are counted") {
  Titles titles;
  for (int i = 0; i < 100; ++i) titles.change(called("job " + std::to_string(i)), nullptr);
  CHECK(titles.other_titles().size() + titles.left_out() == 99);
  CHECK(titles.other_titles().size() < 20);
}
