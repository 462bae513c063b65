#include "mprofpp/base/log.hpp"

#include <doctest/doctest.h>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;

TEST_CASE("without a sink messages are dropped and details are not wanted") {
  log::warning("lost");
  CHECK_FALSE(log::wants_debug());
}

TEST_CASE("a log file holds every level, whatever the console shows") {
  const test::TemporaryFolder folder;
  const auto file = folder / "log";
  {
    const auto sink = log::Sink::open({.console = log::Level::warning, .file = file}).value();
    CHECK(log::wants_debug());
    log::debug("a detail");
    log::info("a fact");
  }
  const auto text = test::bytes_of(file);
  CHECK(text.find("debug: a detail\n") != std::string::npos);
  CHECK(text.find("info: a fact\n") != std::string::npos);
}

TEST_CASE("a message is on disk at once, because a log must be complete after a crash") {
  const test::TemporaryFolder folder;
  const auto sink = log::Sink::open({.file = folder / "log"}).value();
  log::debug("before the crash");
  CHECK(test::bytes_of(folder / "log").find("before the crash") != std::string::npos);
}

TEST_CASE("a message is not a format string") {
  const test::TemporaryFolder folder;
  const auto sink = log::Sink::open({.file = folder / "log"}).value();
  log::debug("100 %s {} {0}");
  CHECK(test::bytes_of(folder / "log").find("100 %s {} {0}") != std::string::npos);
}

TEST_CASE("a log that cannot be written is an error that names it") {
  const auto sink = log::Sink::open({.file = "/dev/null/log"});
  REQUIRE_FALSE(sink.has_value());
  CHECK(sink.error().code == Errc::not_found);
  CHECK(sink.error().place == "/dev/null/log");
}

TEST_CASE("the log is silent again once its sink is gone") {
  const test::TemporaryFolder folder;
  { const auto sink = log::Sink::open({.file = folder / "log"}).value(); }
  log::warning("too late");
  CHECK_FALSE(log::wants_debug());
  CHECK(test::bytes_of(folder / "log").find("too late") == std::string::npos);
}
