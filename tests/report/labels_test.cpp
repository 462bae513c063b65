#include "mprofpp/report/labels.hpp"

#include <doctest/doctest.h>

using mprofpp::report::short_labels;

TEST_CASE("labels of recordings have as many folders as are needed to distinguish them") {
  using Names = std::vector<std::string>;
  CHECK(short_labels({"x.dat"}) == Names{"x.dat"});
  CHECK(short_labels({"a/x.dat", "a/y.dat"}) == Names{"x.dat", "y.dat"});
  CHECK(short_labels({"a/x.dat", "b/x.dat", "y.dat"}) == Names{"a/x.dat", "b/x.dat", "y.dat"});
  CHECK(short_labels({"/runs/a/1/x.dat", "/runs/b/1/x.dat", "/runs/b/2/x.dat"}) ==
        Names{"a/1/x.dat", "b/1/x.dat", "2/x.dat"});
  CHECK(short_labels({"x.dat", "old/x.dat"}) == Names{"x.dat", "old/x.dat"});
  CHECK(short_labels({"./x.dat", "x.dat"}) == Names{"x.dat", "x.dat"});
}
