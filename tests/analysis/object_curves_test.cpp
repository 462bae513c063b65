#include "mprofpp/analysis/object_curves.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace mprofpp {
namespace {

using namespace std::chrono_literals;
using analysis::ObjectCurve;
using analysis::ObjectCurvesFold;

Instant at(int seconds) {
  return Instant{1000s + std::chrono::seconds(seconds)};
}

TEST_SUITE_BEGIN("analysis/object_curves");

TEST_CASE("each type has a curve of its own") {
  ObjectCurvesFold fold;
  CHECK(fold.empty());
  fold.take(model::Process{{7, 1}, 1, at(0), "gunicorn", ""});
  fold.take(model::ObjectCount{at(0), 7, "", 10, 100});
  fold.take(model::ObjectCount{at(0), 7, "dict", 4, 40});
  fold.take(model::ObjectCount{at(30), 7, "", 12, 120});
  fold.take(model::ObjectCount{at(30), 7, "dict", 6, 60});
  fold.take(model::ObjectCount{at(30), 7, "app.User", 1, 8});
  const auto curves = fold.curves();
  REQUIRE(curves.size() == 1);
  CHECK(curves[0].process.name == "gunicorn");
  CHECK(curves[0].first == at(0));
  CHECK(curves[0].last == at(30));
  CHECK(curves[0].censuses == 2);
  CHECK(curves[0].types.at("dict").points().size() == 2);
  CHECK(curves[0].types.at("app.User").points().front().t == at(30));
}

TEST_CASE("the curve of a long recording keeps its floor and its ends") {
  ObjectCurve curve;
  for (int i = 0; i < 100'000; ++i) {
    const auto count = static_cast<std::uint64_t>(i % 2 == 0 ? 1000 + i : 5000 + i);
    curve.add({at(i), {count, 8 * count}});
  }
  const auto& points = curve.points();
  CHECK(points.size() <= 512);
  CHECK(points.front().t == at(0));
  CHECK(points.back().t == at(99'999));
  CHECK(points.back().amount.count == 104'999);
  const auto is_floor = [](const auto& point) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(point.t - at(0)).count();
    return point.amount.count < static_cast<std::uint64_t>(seconds) + 1002;
  };
  CHECK(std::count_if(points.begin(), points.end(), is_floor) > 200);
}

TEST_SUITE_END();

}  // namespace
}  // namespace mprofpp
