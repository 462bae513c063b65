#include "options/time_window.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a window is two times separated by a comma, with or without units") {
  const auto window = parse_window("1m30s,2m").value();
  CHECK(window.from == seconds(90));
  CHECK(window.to == seconds(120));
  CHECK(parse_window("0.5, 10").value().from == milliseconds(500));
  CHECK(parse_window("0.5, 10").value().to == seconds(10));
}

TEST_CASE("either end of a window may be left out") {
  CHECK(parse_window(",5").value().from == std::nullopt);
  CHECK(parse_window(",5").value().to == seconds(5));
  CHECK(parse_window("10,").value().from == seconds(10));
  CHECK_FALSE(parse_window("10,").value().to.has_value());
}

TEST_CASE("a window that ends before it starts is refused with a message") {
  CHECK(parse_window("5,1").error().what == "5 is after 1");
  CHECK(parse_window("1m,30s").error().what == "1m is after 30s");
  CHECK(parse_window("5,1").error().hint == "write FROM,TO, such as 10,20 or 1m30s,2m");
  CHECK(parse_window_options({"", "5", "1"}).error().place == "--from 5 --to 1");
  CHECK(parse_window_options({"", "5", "1"}).error().hint == "such as --from 10 --to 1m30s");
}

TEST_CASE("--from and --to define a window, too") {
  CHECK(parse_window_options({"", "1m", "2m"}).value().from == seconds(60));
  CHECK_FALSE(parse_window_options({"", "1m", ""}).value().to.has_value());
  CHECK_FALSE(parse_window_options({"", "", "2m"}).value().from.has_value());
  CHECK(parse_window_options({"", "", "x"}).error().place == "--to x");
}

TEST_CASE("a text that is not a window is refused with an example") {
  for (const char* text : {"", "5", "1,2,3", "a,b", "1,x", "3,3", "nan,1", "1e99,2", "1 2,3"}) {
    CAPTURE(text);
    const auto window = parse_window(text);
    REQUIRE_FALSE(window.has_value());
    CHECK(window.error().code == Errc::invalid_argument);
    CHECK(window.error().hint.find("1m30s,2m") != std::string::npos);
  }
}

TEST_CASE("a window is given in one way") {
  CHECK(parse_window_options({"1m,2m", "", ""}).value().from == seconds(60));
  const auto both = parse_window_options({"1m,2m", "5", ""});
  REQUIRE_FALSE(both.has_value());
  CHECK(both.error().place == "--window 1m,2m");
  CHECK(both.error().what == "cannot be combined with --from and --to");
}

TEST_CASE("a pid is a number from 1 on") {
  CHECK(parse_recorded_pid("42").value() == 42);
  for (const char* text : {"", "0", "-1", "4x", "99999999999"})
    CHECK_MESSAGE(parse_recorded_pid(text).error().what == "is not a pid", text);
}
