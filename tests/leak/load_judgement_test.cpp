#include "mprofpp/leak/load_judgement.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace mprofpp;
using namespace mprofpp::leak;

namespace {

Instant at(double seconds) {
  return Instant{*duration_from_seconds(1000 + seconds)};
}

/// The memory of a process in the rest after a round; the root is the first one.
using Memory = std::function<double(int)>;

constexpr int rounds = 8;

/// Rests from second 10 i to 10 i + 5, with a peak before each.
RestFloors floors_of(const std::vector<Memory>& processes) {
  std::vector<Rest> rests;
  for (int i = 0; i <= rounds; ++i) rests.push_back({at(10 * i), at(10 * i + 5)});
  RestFloors floors(rests);
  floors.take(model::Settings{.roots = {100}});
  floors.take(model::Settings{.children = model::Children::summed_and_apart});
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const auto pid = static_cast<pid_t>(100 + i);
    floors.take(model::Process{{pid, i + 1}, i == 0 ? 1 : 100, at(0), "server", "server"});
  }
  for (int tick = 0; tick < 10 * (rounds + 1); ++tick) {
    const double peak = tick % 10 > 5 ? 30 : tick % 2;
    double total = 0;
    for (const auto& memory : processes) total += memory(tick / 10) + peak;
    floors.take(model::Sample{total, at(tick)});
    for (std::size_t i = 1; i < processes.size(); ++i) {
      floors.take(model::ChildSample{static_cast<pid_t>(100 + i), processes[i](tick / 10) + peak,
                                     at(tick)});
    }
  }
  floors.finish();
  return floors;
}

LoadJudgement judged(const std::vector<Memory>& processes) {
  return judge_load(floors_of(processes), {0, std::vector<double>(rounds, 1000)});
}

double flat(int) {
  return 20;
}

double growing(int round) {
  return 20.0 + round;
}

}  // namespace

TEST_CASE("the floor of a rest is the least memory in it, of each process") {
  const auto floors = floors_of({flat, growing});
  CHECK(floors.total()[3] == 43.0);
  REQUIRE(floors.processes().size() == 2);
  CHECK(floors.processes()[0].mib[3] == 20.0);
  CHECK(floors.processes()[1].mib[3] == 23.0);
  CHECK(floors.processes()[1].name == "server");
}

TEST_CASE("a rest without a sample has no floor") {
  RestFloors floors({{at(0), at(1)}, {at(5), at(6)}});
  floors.take(model::Sample{3, at(0.5)});
  floors.take(model::Sample{1, at(2)});
  CHECK(floors.total()[0] == 3.0);
  CHECK_FALSE(floors.total()[1].has_value());
}

TEST_CASE("of two workers the one that leaks is named") {
  const auto load = judged({flat, flat, growing});
  CHECK(load.judgement.verdict == Verdict::leak);
  REQUIRE(load.process.has_value());
  CHECK(load.processes[*load.process].id.pid == 102);
  CHECK(load.judgement.rate.middle == doctest::Approx(0.001));
  CHECK(load.processes[1].judgement.verdict == Verdict::steady);
}

TEST_CASE("if several workers leak, the rate is that of the whole service") {
  const auto load = judged({flat, growing, growing});
  CHECK(load.judgement.verdict == Verdict::leak);
  CHECK_FALSE(load.process.has_value());
  CHECK(load.growth == TreeGrowth::each);
  CHECK(load.judgement.rate.middle == doctest::Approx(0.002));
  CHECK(load.processes[1].judgement.rate.middle == doctest::Approx(0.001));
}

TEST_CASE("a service whose processes are all steady is steady") {
  const auto load = judged({flat, flat, flat});
  CHECK(load.judgement.verdict == Verdict::steady);
  CHECK_FALSE(load.process.has_value());
}

TEST_CASE("memory that only moves from one process to another is not a leak") {
  const auto load = judged({flat, growing, [](int round) { return 40.0 - round; }});
  CHECK(load.total.verdict == Verdict::steady);
  CHECK(load.judgement.verdict == Verdict::steady);
}

TEST_CASE("processes that do not live through the rounds count in the total") {
  RestFloors floors = [] {
    std::vector<Rest> rests;
    for (int i = 0; i <= rounds; ++i) rests.push_back({at(10 * i), at(10 * i + 5)});
    return RestFloors(rests);
  }();
  floors.take(model::Settings{.roots = {100}});
  floors.take(model::Settings{.children = model::Children::summed_and_apart});
  floors.take(model::Process{{100, 1}, 1, at(0), "server", "server"});
  for (int i = 0; i <= rounds; ++i) {
    const pid_t worker = 200 + i;
    floors.take(
        model::Process{{worker, static_cast<std::uint64_t>(i + 2)}, 100, at(10 * i), "w", "w"});
    floors.take(model::Sample{40.0 + i, at(10 * i + 1)});
    floors.take(model::ChildSample{worker, 20.0 + i, at(10 * i + 1)});
    floors.take(model::Exit{worker, at(10 * i + 6), 0});
  }
  floors.finish();
  const auto load = judge_load(floors, {0, std::vector<double>(rounds, 1000)});
  CHECK(load.processes.size() == 1);
  CHECK(load.judgement.verdict == Verdict::leak);
  CHECK(load.growth == TreeGrowth::number);
  CHECK(load.passing == rounds - 1);
  CHECK(load.late == 1);
}

TEST_CASE("a round whose rest was not read counts with the next one") {
  std::vector<Rest> rests;
  for (int i = 0; i <= rounds; ++i) rests.push_back({at(10 * i), at(10 * i + 5)});
  RestFloors floors(rests);
  for (int i = 0; i <= rounds; ++i) {
    if (i != 1) floors.take(model::Sample{20.0 + i, at(10 * i + 1)});
  }
  const auto load = judge_load(floors, {0, std::vector<double>(rounds, 1000)});
  CHECK(load.judgement.verdict == Verdict::leak);
  CHECK(load.judgement.rate.middle == doctest::Approx(0.001));
}
