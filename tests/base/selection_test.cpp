#include "mprofpp/base/selection.hpp"

#include <doctest/doctest.h>

using mprofpp::fits;
using mprofpp::Selection;

TEST_CASE("a pattern fits whole names only") {
  CHECK(fits("load", "load"));
  CHECK_FALSE(fits("load", "app::load"));
  CHECK_FALSE(fits("load", "loader"));
}

TEST_CASE("a star stands for any text, borders of namespaces and folders included") {
  CHECK(fits("*load", "app::Loader::load"));
  CHECK(fits("app::*", "app::Loader::load"));
  CHECK(fits("net/*", "net/http/server"));
  CHECK(fits("*", ""));
  CHECK(fits("*", ".hidden"));
}

TEST_CASE("a question mark, a set and a backslash mean what they mean to a shell") {
  CHECK(fits("load?", "load1"));
  CHECK_FALSE(fits("load?", "load"));
  CHECK(fits("load[0-9]", "load7"));
  CHECK_FALSE(fits("load[!0-9]", "load7"));
  CHECK(fits("operator\\*", "operator*"));
  CHECK_FALSE(fits("operator\\*", "operator*="));
}

TEST_CASE("without patterns every name is taken") {
  CHECK(Selection().takes("load"));
  CHECK(Selection().is_everything());
}

TEST_CASE("with patterns of what is wanted the others are left out") {
  const Selection selection({"app::*", "main"}, {});
  CHECK_FALSE(selection.is_everything());
  CHECK(selection.takes("app::load"));
  CHECK(selection.takes("main"));
  CHECK_FALSE(selection.takes("std::sort"));
}

TEST_CASE("what is not wanted is left out even if it is wanted too") {
  const Selection selection({"app::*"}, {"*::log"});
  CHECK(selection.takes("app::load"));
  CHECK_FALSE(selection.takes("app::log"));
  CHECK(Selection({}, {"std::*"}).takes("app::load"));
  CHECK_FALSE(Selection({}, {"std::*"}).takes("std::sort"));
}
