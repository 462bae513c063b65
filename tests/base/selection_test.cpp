#include "mprofpp/base/selection.hpp"

#include <doctest/doctest.h>

using mprofpp::fits;
using mprofpp::Selection;

TEST_CASE("a pattern fits whole names only") {
  CHECK(fits("load", "load"));
  CHECK_FALSE(fits("load", "app::load"));
  CHECK_FALSE(fits("load", "loader"));
}

TEST_CASE("a star matches any text, including the separators of namespaces and folders") {
  CHECK(fits("*load", "app::Loader::load"));
  CHECK(fits("app::*", "app::Loader::load"));
  CHECK(fits("net/*", "net/http/server"));
  CHECK(fits("*", ""));
  CHECK(fits("*", ".hidden"));
}

TEST_CASE("a question mark, a set and a backslash mean the same as in a shell") {
  CHECK(fits("load?", "load1"));
  CHECK_FALSE(fits("load?", "load"));
  CHECK(fits("load[0-9]", "load7"));
  CHECK_FALSE(fits("load[!0-9]", "load7"));
  CHECK(fits("operator\\*", "operator*"));
  CHECK_FALSE(fits("operator\\*", "operator*="));
}

TEST_CASE("without patterns every name is selected") {
  CHECK(Selection().selects("load"));
  CHECK(Selection().is_everything());
}

TEST_CASE("with patterns for wanted names all other names are left out") {
  const Selection selection({"app::*", "main"}, {});
  CHECK_FALSE(selection.is_everything());
  CHECK(selection.selects("app::load"));
  CHECK(selection.selects("main"));
  CHECK_FALSE(selection.selects("std::sort"));
}

TEST_CASE("an unwanted name is left out even if it is also wanted") {
  const Selection selection({"app::*"}, {"*::log"});
  CHECK(selection.selects("app::load"));
  CHECK_FALSE(selection.selects("app::log"));
  CHECK(Selection({}, {"std::*"}).selects("app::load"));
  CHECK_FALSE(Selection({}, {"std::*"}).selects("std::sort"));
}
