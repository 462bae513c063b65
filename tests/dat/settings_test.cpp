#include "mprofpp/dat/settings.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using model::Settings;
using namespace std::chrono_literals;

namespace {

Settings read_again(const Settings& settings) {
  Settings read;
  for (const auto& line : dat::meta_lines(settings)) {
    Settings one;
    CHECK(dat::read_meta(line, one) == dat::MetaReading::understood);
    read.update(one);
  }
  return read;
}

dat::MetaReading reading_of(const std::string& key, const std::vector<std::string>& values) {
  Settings settings;
  return dat::read_meta({key, values}, settings);
}

}  // namespace

TEST_CASE("every setting is read as it was written") {
  const Settings settings{
      .format = 1,
      .version = "0.1.0",
      .interval = 50ms,
      .metric = model::Metric::pss,
      .metrics = {model::Metric::rss, model::Metric::swap},
      .host = "build 7",
      .host_memory = Bytes(1 << 30),
      .page_size = Bytes(4096),
      .start = Instant{1763637915s + 125ms},
      .roots = {7, 8},
      .children = model::Children::summed_and_apart,
      .argv = {"sh", "", "-c", "a b"},
      .argv_left_out = 3,
      .without_marks = true,
      .exact_readings = true,
      .lists_all_calls = true,
      .shortest_listed_call = 2ms,
      .traced = {"app.*"},
      .untraced = {"app.x", "y"},
      .lines = model::CountedLines{.reused_readings = true, .with_peaks = true},
      .lines_of = {"app.load", "shop.*"},
      .objects = 30s,
      .late_names = {{"libx.so+0x10", "load"}, {"libx.so+0x20", "save(int, char)"}},
      .metric_costs = {{model::Metric::pss, 3ms}, {model::Metric::swap, 1us}},
  };
  CHECK(read_again(settings) == settings);
}

TEST_CASE("what is not set has no line") {
  CHECK(dat::meta_lines({}).empty());
  CHECK(dat::meta_lines({.children = model::Children::left_out}).size() == 1);
}

TEST_CASE("a later line replaces a setting and leaves the others") {
  Settings settings{.interval = 100ms, .roots = {7}};
  settings.update({.interval = 1s});
  CHECK(settings.interval == 1s);
  CHECK(settings.only_root() == 7);
}

TEST_CASE("keys and values of a later version are skipped, wrong ones are refused") {
  using dat::MetaReading;
  CHECK(reading_of("colour", {"red"}) == MetaReading::unknown);
  CHECK(reading_of("metric", {"gpu"}) == MetaReading::unknown);
  CHECK(reading_of("metrics", {"gpu", "npu"}) == MetaReading::unknown);
  CHECK(reading_of("metric_cost", {"gpu=1"}) == MetaReading::unknown);
  CHECK(reading_of("metrics", {"gpu", "swap"}) == MetaReading::understood);
  CHECK(reading_of("marks", {"some"}) == MetaReading::unknown);
  CHECK(reading_of("interval", {"-1"}) == MetaReading::malformed);
  CHECK(reading_of("interval", {"soon"}) == MetaReading::malformed);
  CHECK(reading_of("root", {"7", "x"}) == MetaReading::malformed);
  CHECK(reading_of("host_memory", {"nan"}) == MetaReading::malformed);
  CHECK(reading_of("start", {}) == MetaReading::malformed);
  CHECK(reading_of("name", {"libx.so+0x10"}) == MetaReading::malformed);
}

TEST_CASE("a cost that cannot be read leaves the others") {
  Settings settings;
  CHECK(dat::read_meta({"metric_cost", {"pss=0.003", "swap", "=1", "uss=x", "gpu=1"}}, settings) ==
        dat::MetaReading::understood);
  CHECK(settings.metric_costs == std::vector<model::MetricCost>{{model::Metric::pss, 3ms}});
}
