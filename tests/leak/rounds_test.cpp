#include "mprofpp/leak/rounds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

using namespace mprofpp::leak;

namespace {

constexpr double kib = 1.0 / 1024;

/// The memory after a number of rounds.
using Memory = std::function<double(int)>;

std::vector<RestFloor> floors_of(const Memory& memory, int rounds, double requests = 2000) {
  std::vector<RestFloor> floors;
  for (int i = 0; i <= rounds; ++i) {
    floors.push_back(
        {i * requests, std::floor(memory(i) / page_mib) * page_mib, static_cast<std::size_t>(i)});
  }
  return floors;
}

/// Judges after 8 rounds, and after 4 more as long as it is not certain, as a load test does.
RoundsJudgement judged(const Memory& memory, double requests = 2000) {
  constexpr int most = 24;
  Looks looks;
  for (int rounds = 8;; rounds += 4) {
    const auto judgement = looks.take(judge_rounds(floors_of(memory, rounds, requests)));
    if (judgement.verdict != Verdict::unsure || rounds == most) return judgement;
  }
}

/// A normally distributed number that belongs to a seed and a round.
double noise(unsigned seed, int round) {
  std::seed_seq both{seed, static_cast<unsigned>(round)};
  std::mt19937 random(both);
  // not std::normal_distribution, whose numbers depend on the library
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += static_cast<double>(random()) / 4294967296.0;
  return sum - 6;
}

/// Returns how many of 200 seeds have the verdict.
int count(Verdict verdict, const std::function<Memory(unsigned)>& memory, double requests = 2000) {
  int found = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    if (judged(memory(seed), requests).verdict == verdict) ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("memory that grows by the same amount with each request is a leak of that rate") {
  const auto judgement = judge_rounds(floors_of([](int i) { return 50 + i * 2000 * kib; }, 8));
  CHECK(judgement.verdict == Verdict::leak);
  CHECK(judgement.reason == Reason::grows);
  CHECK(judgement.rate.middle == doctest::Approx(kib).epsilon(0.01));
  CHECK(judgement.rate.low < kib);
  CHECK(judgement.rate.high > kib);
  CHECK(judgement.first == 2);
  CHECK(judgement.growth_mib == doctest::Approx(6 * 2000 * kib).epsilon(0.01));
}

TEST_CASE("memory that stays the same is steady, and the bound is a leak that would have shown") {
  const auto judgement = judge_rounds(floors_of([](int) { return 50.0; }, 8));
  CHECK(judgement.verdict == Verdict::steady);
  CHECK(judgement.reason == Reason::flat);
  CHECK(judgement.rate.high > 0);
  CHECK(judgement.rate.high < kib / 16);
}

TEST_CASE("the rounds of the warm-up do not count") {
  const auto judgement =
      judge_rounds(floors_of([](int i) { return 50 + std::min(i, 2) * 30.0; }, 8));
  CHECK(judgement.verdict == Verdict::steady);
  CHECK(judgement.reason == Reason::flat);
}

TEST_CASE("a step in one round is not a leak") {
  for (int at = 1; at <= 5; ++at) {
    CAPTURE(at);
    const auto judgement =
        judge_rounds(floors_of([at](int i) { return i >= at ? 54.0 : 50.0; }, 8));
    CHECK(judgement.verdict == Verdict::steady);
    CHECK(judgement.step.has_value() == (at > 2));
    if (judgement.step) CHECK(judgement.step->seconds == at);
  }
}

TEST_CASE("a step in one of the last rounds is not decided until more rounds show what follows") {
  for (int at = 7; at <= 8; ++at) {
    CAPTURE(at);
    const auto memory = [at](int i) { return i >= at ? 54.0 : 50.0; };
    CHECK(judge_rounds(floors_of(memory, 8)).reason == Reason::began_late);
    CHECK(judged(memory).verdict == Verdict::steady);
  }
}

TEST_CASE("a warm-up that levels off is not a leak") {
  for (const double rounds : {1.0, 2.0, 4.0}) {
    CAPTURE(rounds);
    const auto judgement = judged([rounds](int i) { return 70 - 20 * std::exp(-i / rounds); });
    CHECK(judgement.verdict == Verdict::steady);
  }
}

TEST_CASE("a warm-up that is far from its end is not decided") {
  const auto judgement = judged([](int i) { return 150 - 100 * std::exp(-i / 12.0); });
  CHECK(judgement.verdict == Verdict::unsure);
  CHECK(judgement.reason == Reason::slowing);
  CHECK(judgement.more > 0);
}

TEST_CASE("a leak after a long warm-up is found, and its rate is that of the leak") {
  const auto judgement =
      judged([](int i) { return 70 - 20 * std::exp(-i / 2.0) + i * 2000 * kib; });
  CHECK(judgement.verdict == Verdict::leak);
  CHECK(judgement.first > 2);
  CHECK(judgement.rate.low <= kib * 1.03);
  CHECK(judgement.rate.high >= kib);
}

TEST_CASE("few rounds are not decided, and the number that is missing is known") {
  const auto judgement = judge_rounds(floors_of([](int i) { return 50.0 + 10 * i; }, 4));
  CHECK(judgement.verdict == Verdict::unsure);
  CHECK(judgement.reason == Reason::few_samples);
  CHECK(judgement.more == 4);
  CHECK(judge_rounds({{0, 50}}).verdict == Verdict::unsure);
}

TEST_CASE("growth within the noise of an allocator is not a leak") {
  const auto judgement = judge_rounds(floors_of([](int i) { return 50 + i * page_mib; }, 8));
  CHECK(judgement.verdict == Verdict::steady);
}

TEST_CASE("memory at rest that varies by much more than a leak is not decided") {
  const auto judgement = judge_rounds(floors_of([](int i) { return 50 + 20 * noise(7, i); }, 8));
  CHECK(judgement.verdict == Verdict::unsure);
  CHECK(judgement.reason == Reason::noise);
}

TEST_CASE("steady services are hardly ever taken for a leak") {
  for (const double size : {0.01, 0.1, 1.0, 4.0}) {
    CAPTURE(size);
    CHECK(count(Verdict::leak, [size](unsigned seed) {
            return [=](int i) { return 50 + size * noise(seed, i); };
          }) <= 1);
  }
  CHECK(count(Verdict::leak, [](unsigned seed) {
          return [=](int i) { return 50 + 0.3 * std::log(1 + i) + 0.03 * noise(seed, i); };
        }) <= 2);
  CHECK(count(Verdict::steady, [](unsigned seed) {
          return [=](int i) { return 70 - 20 * std::exp(-i / 1.5) + 0.05 * noise(seed, i); };
        }) >= 198);
}

TEST_CASE("a leak of 1 KiB a request is found with 2000 requests a round") {
  for (const double size : {0.03, 0.2, 1.0}) {
    CAPTURE(size);
    CHECK(count(Verdict::leak, [size](unsigned seed) {
            return [=](int i) { return 50 + i * 2000 * kib + size * noise(seed, i); };
          }) >= (size < 1 ? 200 : 196));
  }
}

TEST_CASE("a leak of 1 KiB a request is found with 100 requests a round if the rest is quiet") {
  CHECK(count(
            Verdict::leak,
            [](unsigned seed) {
              return [=](int i) { return 50 + i * 100 * kib + 0.02 * noise(seed, i); };
            },
            100) == 200);
}

TEST_CASE("a runtime that grows for nine rounds, pauses, and grows again is not a leak") {
  // what Node added in MiB, on average of 20 runs with 300 requests a round
  constexpr std::array added = {8.8, 1.4, 1.5, 1.3, 1.2, 0.8, 1.7, 2.4, 1.2, 0.1, 0.0, 0.1,
                                0.1, 0.0, 0.1, 0.0, 0.0, 0.5, 1.9, 1.7, 1.6, 0.4, 0.6, 0.6};
  CHECK(count(
            Verdict::leak,
            [&added](unsigned seed) {
              return [=](int i) {
                double mib = 42.6;
                for (int round = 0; round < i; ++round) {
                  const double mean = added.at(static_cast<std::size_t>(round));
                  mib += mean * (1 + 0.3 * noise(seed, round));
                }
                return mib + 0.1 * noise(seed + 1000, i);
              };
            },
            300) <= 4);
}

TEST_CASE("a leak whose rate could be nearly nothing is not certain") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const auto judgement =
        judge_rounds(floors_of([seed](int i) { return 50 + i + noise(seed, i); }, 8));
    if (judgement.verdict != Verdict::leak) continue;
    CHECK(judgement.rate.low >= judgement.rate.middle / 3);
  }
}

TEST_CASE("a leak that only a later look shows must be shown twice") {
  const auto flat = judge_rounds(floors_of([](int i) { return 50 + 20 * noise(7, i); }, 8));
  const auto leak = judge_rounds(floors_of([](int i) { return 50.0 + i; }, 12));
  REQUIRE(flat.verdict == Verdict::unsure);
  REQUIRE(leak.verdict == Verdict::leak);
  Looks looks;
  looks.take(flat);
  const auto once = looks.take(leak);
  CHECK(once.verdict == Verdict::unsure);
  CHECK(once.reason == Reason::grows);
  CHECK(once.more > 0);
  CHECK(looks.take(leak).verdict == Verdict::leak);
}

TEST_CASE("a leak that the first look shows counts at once if its interval is narrow") {
  auto leak = judge_rounds(floors_of([](int i) { return 50.0 + i; }, 8));
  CHECK(Looks().take(leak).verdict == Verdict::leak);
  leak.rate.low = leak.rate.middle / 2;
  CHECK(Looks().take(leak).verdict == Verdict::unsure);
}

TEST_CASE("a look at too few rounds is none") {
  Looks looks;
  looks.take(judge_rounds(floors_of([](int i) { return 50.0 + i; }, 4)));
  CHECK(looks.take(judge_rounds(floors_of([](int i) { return 50.0 + i; }, 8))).verdict ==
        Verdict::leak);
}

TEST_CASE("a floor that is missing does not change the numbers of the rounds") {
  auto floors = floors_of([](int i) { return i >= 5 ? 54.0 : 50.0; }, 9);
  floors.erase(floors.begin() + 1);
  const auto judgement = judge_rounds(floors, {.warmup = 1});
  CHECK(judgement.verdict == Verdict::steady);
  REQUIRE(judgement.step.has_value());
  CHECK(judgement.step->seconds == 5);
}

TEST_CASE("the interval contains the rate in nearly all cases") {
  int covered = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    const auto rate =
        judged([seed](int i) { return 50 + i * 2000 * kib + 0.2 * noise(seed, i); }).rate;
    if (rate.low <= kib && kib <= rate.high) ++covered;
  }
  CHECK(covered >= 190);
}
