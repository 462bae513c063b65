#include "mprofpp/chart/detail/distinguishing_parts.hpp"

#include <doctest/doctest.h>

using namespace mprofpp::chart;

namespace {

using Names = std::vector<std::string>;

Names differing(const Names& names) {
  Names parts;
  const auto all = distinguishing_parts(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    parts.push_back(names[i].substr(all[i].begin, all[i].end - all[i].begin));
  }
  return parts;
}

}  // namespace

TEST_CASE("workers differ in the words after their common beginning") {
  CHECK(differing({"puma: cluster worker 0: 4000 [shop]", "puma: cluster worker 1: 4000 [shop]"}) ==
        Names{"worker 0", "worker 1"});
  CHECK(differing({"shop uWSGI worker 1", "shop uWSGI worker 10", "shop uWSGI master"}) ==
        Names{"worker 1", "worker 10", "master"});
  CHECK(differing({"postgres: shop orders [local] idle", "postgres: shop users [local] idle"}) ==
        Names{"orders", "users"});
}

TEST_CASE("names that are equal, or differ in the first letters, have no part to be kept") {
  CHECK(differing({"gunicorn: worker [app]", "gunicorn: worker [app]"}) == Names{"", ""});
  CHECK(differing({"postgres: checkpointer", "psql", ""}) == Names{"", "", ""});
  CHECK(differing({}).empty());
}

TEST_CASE("whole words differ, also in other scripts") {
  CHECK(differing({"ワーカー 一番 x", "ワーカー 二番 x"}) == Names{"一番", "二番"});
}
