#include "marks/enclosing_span.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "mprofpp/wire/names.hpp"

using namespace mprofpp;
using namespace mprofpp::app;

TEST_CASE("a span in the environment is read as it was written") {
  const auto text = text_of({{42, 98765}, 7});
  CHECK(text == "42.98765.7");
  ::setenv(wire::span_variable, text.c_str(), 1);
  const auto span = enclosing_span();
  ::unsetenv(wire::span_variable);
  REQUIRE(span.has_value());
  CHECK(span->lane == model::ProcessId{42, 98765});
  CHECK(span->call == 7);
}

TEST_CASE("without the variable there is no span") {
  ::unsetenv(wire::span_variable);
  CHECK_FALSE(enclosing_span().has_value());
}

TEST_CASE("a value that is not three numbers is not a span") {
  for (const char* value : {"", ".", "..", "1.2", "1.2.", "a.2.3", "1.2.3.4", "1.-2.3", "1.2.x"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_span(value).has_value());
  }
}
