#include "python/selection.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/calls.hpp"
#include "recorded_process.hpp"

using namespace mprofpp;
using test::RecordedProcess;

namespace {

/// Returns those of the names that the patterns select, which the process marks as points in time.
std::string selected(const char* trace, const char* no_trace, std::vector<std::string> names) {
  const RecordedProcess process(
      [&](const std::string&) {
        agent::python::read_patterns();
        for (const auto& name : names) {
          if (agent::python::is_wanted(name.c_str())) agent::mark({name.data(), name.size()});
        }
        if (agent::python::is_tracing()) agent::mark({"tracing", 7});
      },
      {{wire::trace_variable, trace}, {wire::no_trace_variable, no_trace}});
  REQUIRE(process.has_exited());
  return process.story();
}

}  // namespace

TEST_CASE("a function is marked if one of the patterns selects it and none excludes it") {
  CHECK(selected("shop.*\nutil.load", "*._*",
                 {"shop.sell", "shop.Cart.add", "shop._log", "util.load", "util.save"}) ==
        "shop.sell shop.Cart.add util.load tracing");
}

TEST_CASE("without patterns no function is marked, also if some are excluded") {
  CHECK(selected("", "", {"f"}).empty());
  CHECK(selected("", "g", {"f"}).empty());
}

TEST_CASE("empty lines between patterns select nothing") {
  CHECK(selected("\n\nf\n\n\ng\n", "", {"", "f", "g", "h"}) == "f g tracing");
}

TEST_CASE("of patterns that are too long to keep, the first ones are used") {
  std::string many = "first\n";
  while (many.size() < 3900) many += "function_" + std::to_string(many.size()) + "\n";
  CHECK(selected(many.c_str(), "", {"first", "function_6", "last"}) == "first function_6 tracing");
}
