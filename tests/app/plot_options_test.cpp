#include "plot_options.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a window is two times with a comma between, with or without units") {
  const auto window = parse_window("1m30s,2m").value();
  CHECK(window.from == seconds(90));
  CHECK(window.to == seconds(120));
  CHECK(parse_window("0.5, 10").value().from == milliseconds(500));
  CHECK(parse_window("0.5, 10").value().to == seconds(10));
}

TEST_CASE("either end of a window may be left out") {
  CHECK(parse_window(",5").value().from == seconds(0));
  CHECK(parse_window(",5").value().to == seconds(5));
  CHECK(parse_window("10,").value().from == seconds(10));
  CHECK_FALSE(parse_window("10,").value().to.has_value());
}

TEST_CASE("the wrong order of a window is put right") {
  CHECK(parse_window("5,1").value().from == seconds(1));
  CHECK(parse_window("5,1").value().to == seconds(5));
  CHECK(parse_window("-1,-5").value().from == seconds(-5));
}

TEST_CASE("what is no window is refused with an example") {
  for (const char* text : {"", "5", "1,2,3", "a,b", "1,x", "3,3", "nan,1", "1e99,2", "1 2,3"}) {
    CAPTURE(text);
    const auto window = parse_window(text);
    REQUIRE_FALSE(window.has_value());
    CHECK(window.error().code == Errc::invalid_argument);
    CHECK(window.error().hint.find("1m30s,2m") != std::string::npos);
  }
}

TEST_CASE("a size is a width and a height in pixels and leaves the rest of the look alone") {
  PictureLook look;
  look.dpi = 192;
  const auto sized = with_size(look, "1600x900").value();
  CHECK(sized.width == 1600);
  CHECK(sized.height == 900);
  CHECK(sized.dpi == 192);
}

TEST_CASE("sizes that no picture can have are refused") {
  for (const char* text : {"", "x", "900", "900x", "x900", "1600x900x3", "199x900", "900x20001",
                           "-800x600", "nanx600", "800 x 600px"}) {
    CAPTURE(text);
    CHECK_FALSE(with_size({}, text).has_value());
  }
}

TEST_CASE("dots per inch are a number from 20 to 1200") {
  CHECK(with_dpi({}, "20").value().dpi == 20);
  CHECK(with_dpi({}, "1200").value().dpi == 1200);
  CHECK(with_dpi({}, "92.5").value().dpi == 92.5);
  for (const char* text : {"", "19", "1201", "-96", "nan", "inf", "96dpi"}) {
    CAPTURE(text);
    CHECK_FALSE(with_dpi({}, text).has_value());
  }
}
