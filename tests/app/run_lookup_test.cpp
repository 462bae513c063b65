#include "marks/run_lookup.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

#include "mprofpp/wire/names.hpp"
#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::app;

TEST_CASE("a pid is a positive number, and none if it was not given") {
  CHECK_FALSE(parse_pid("").value().has_value());
  CHECK(parse_pid("42").value() == 42);
  for (const char* text : {"0", "-1", "x", "4 2", "99999999999"}) {
    CAPTURE(text);
    CHECK(parse_pid(text).error().place == "--pid");
  }
}

TEST_CASE("a process is identified by its pid and its start") {
  const auto own = identify(::getpid()).value();
  CHECK(own.pid == ::getpid());
  CHECK(own.start > 0);
}

TEST_CASE("a process that has ended cannot be identified and is not recorded") {
  test::Child child;
  const pid_t pid = child.pid();
  child.end();
  CHECK(identify(pid).error().code == Errc::not_found);
  CHECK(folder_of_run(pid).error().what == "does not exist");
}

TEST_CASE("a process that no recorder knows is not being recorded") {
  const test::Child child;
  const auto error = folder_of_run(child.pid()).error();
  CHECK(error.code == Errc::not_found);
  CHECK(error.what == "is not being recorded");
}

TEST_CASE("the folder of this run is in the environment") {
  ::setenv(wire::run_variable, "/dev/shm/run", 1);
  CHECK(folder_of_this_run() == "/dev/shm/run");
  ::unsetenv(wire::run_variable);
  CHECK(folder_of_this_run().empty());
}
