#include "mprofpp/analysis/window_filter.hpp"

#include <doctest/doctest.h>

#include "support/collector.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

model::Call call(double from, double to) {
  model::Call c;
  c.t_in = at(from);
  c.t_out = at(to);
  return c;
}

}  // namespace

TEST_CASE("a window has the marks from end to end, the calls that reach into it and no samples") {
  test::Collector collector;
  WindowFilter filter({at(2), at(4)}, collector);
  for (const double t : {1.9, 2.0, 3.0, 4.0, 4.1}) filter.take(model::PointMark{at(t), 1, "x"});
  filter.take(model::Sample{1, at(3)});
  for (const auto& one : {call(0, 1), call(1, 2), call(3, 9), call(5, 6)}) filter.take(one);
  CHECK(collector.of<model::PointMark>().size() == 3);
  CHECK(collector.of<model::Sample>().empty());
  CHECK(collector.of<model::Call>().size() == 2);
}

TEST_CASE("records without a time are in every window") {
  test::Collector collector;
  WindowFilter filter({at(2), at(4)}, collector);
  filter.take(model::Settings{.roots = {7}});
  filter.take(model::Damage{3, "x"});
  CHECK(collector.of<model::Settings>().size() == 1);
  CHECK(collector.of<model::Damage>().size() == 1);
}
