#include "mprofpp/record/metrics/extra_metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "family.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using model::Metric;
using test::Family;

namespace {

constexpr Bytes total(64 << 20);

Options options_with(std::vector<Metric> metrics, Children children = Children::left_out) {
  Options options;
  options.interval = 1min;  // time enough for all readings here
  options.children = children;
  options.metrics = std::move(metrics);
  return options;
}

void tick(ExtraMetrics& metrics, const Family& family, Bytes sum = total) {
  metrics.tick(family.all(), sum, {ReadingBudget::Time::clock::now() + 1h, 1min});
}

std::vector<Metric> kinds_of(const std::vector<model::Reading>& readings) {
  std::vector<Metric> kinds;
  for (const auto& reading : readings) kinds.push_back(reading.metric);
  return kinds;
}

double value_of(const std::vector<model::Reading>& readings, Metric metric) {
  const auto found = std::find_if(readings.begin(), readings.end(),
                                  [&](const auto& reading) { return reading.metric == metric; });
  REQUIRE(found != readings.end());
  return found->mib;
}

using Metrics = std::vector<Metric>;

}  // namespace

TEST_CASE("without further metrics nothing is read") {
  Family family(2);
  ExtraMetrics metrics(options_with({}));
  tick(metrics, family);
  CHECK(metrics.of_total().empty());
  CHECK(metrics.costs().empty());
  CHECK_FALSE(metrics.total_pss().has_value());
}

TEST_CASE("a requested metric is read of every recorded process, and summed as MEM is") {
  Family family(3);
  family.first().is_root = true;
  ExtraMetrics summed(options_with({Metric::vms}, Children::summed_and_apart));
  tick(summed, family);
  double sum = 0;
  for (const auto* member : family.members()) {
    sum += value_of(summed.of(member->id.pid), Metric::vms);
  }
  CHECK(value_of(summed.of_total(), Metric::vms) == doctest::Approx(sum));

  ExtraMetrics apart(options_with({Metric::vms}, Children::apart));
  tick(apart, family);
  CHECK(value_of(apart.of_total(), Metric::vms) ==
        value_of(apart.of(family.first().id.pid), Metric::vms));
  CHECK_FALSE(apart.of(family.members().back()->id.pid).empty());
}

TEST_CASE("if children are left out, only the root is read") {
  Family family(2);
  family.first().is_root = true;
  ExtraMetrics metrics(options_with({Metric::vms}));
  tick(metrics, family);
  CHECK_FALSE(metrics.of(family.first().id.pid).empty());
  CHECK(metrics.of(family.members().back()->id.pid).empty());
}

TEST_CASE("a process that started after the main readings of a tick is left out") {
  Family family(2);
  family.first().is_root = true;
  family.first().used = Bytes{};
  ExtraMetrics metrics(options_with({Metric::vms}, Children::summed));
  tick(metrics, family);
  CHECK(metrics.of(family.first().id.pid).empty());
}

TEST_CASE("metrics that one file has are read together, and their cost is one cost") {
  Family family(1);
  family.first().is_root = true;
  ExtraMetrics metrics(options_with({Metric::pss, Metric::uss, Metric::vms}));
  tick(metrics, family);
  CHECK(metrics.of_total().size() == 3);
  const auto costs = metrics.costs();
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].metrics == Metrics{Metric::vms});
  CHECK(costs[1].metrics == Metrics{Metric::pss, Metric::uss});
  CHECK(costs[1].cost.each > Duration{});
}

TEST_CASE("next to a sum of RSS, PSS is read at a high of it, and once more to confirm it") {
  Family family(2);
  family.first().is_root = true;
  ExtraMetrics metrics(options_with({}, Children::summed));
  for (int reading = 0; reading < 2; ++reading) {
    tick(metrics, family);
    CHECK(kinds_of(metrics.of_total()) == Metrics{Metric::pss});
    REQUIRE(metrics.total_pss().has_value());
    CHECK(*metrics.total_pss() > Bytes{});
  }
  tick(metrics, family);
  CHECK_FALSE(metrics.total_pss().has_value());
  tick(metrics, family, total + total);
  CHECK(metrics.total_pss().has_value());
  CHECK(metrics.costs().empty());
}

TEST_CASE("one process shares nothing with itself, so its PSS is not read") {
  Family family(1);
  family.first().is_root = true;
  ExtraMetrics metrics(options_with({}, Children::summed));
  tick(metrics, family);
  CHECK_FALSE(metrics.total_pss().has_value());
}
