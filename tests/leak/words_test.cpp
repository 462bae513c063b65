#include "mprofpp/leak/words.hpp"

#include <doctest/doctest.h>

namespace mprofpp::leak {
namespace {

using namespace std::chrono_literals;

Judgement judgement_of(Verdict verdict, Reason reason, Rate rate) {
  Judgement judgement;
  judgement.verdict = verdict;
  judgement.reason = reason;
  judgement.rate = rate;
  return judgement;
}

}  // namespace

TEST_CASE("a verdict is one line") {
  CHECK(verdict_text(judgement_of(Verdict::leak, Reason::grows, {6, 5.8, 6.2}), {1h}) ==
        "leak: +6.00 MiB/h (95 %: 5.80 to 6.20)");
  CHECK(verdict_text(judgement_of(Verdict::steady, Reason::flat, {0, -1, 0.8}), {1h}) ==
        "steady; a leak below 819 KiB/h would not show");
  auto slowing = judgement_of(Verdict::unsure, Reason::slowing, {4, 1, 8});
  slowing.level_mib = 212;
  slowing.more_seconds = 1800;
  CHECK(
      verdict_text(slowing, {20min}) ==
      "not enough to tell: the growth slows down, and would level off near 212.0 MiB; record 50 min "
      "in all");
}

TEST_CASE("a steady curve is not enough to tell if a large growth would not show in its time") {
  auto steady = judgement_of(Verdict::steady, Reason::flat, {0, -900, 900});
  steady.stretch.emplace().floors = {{0, 100}, {3600, 100}};
  CHECK(verdict_text(steady, {1min}) == "steady; a leak below 900 MiB/h would not show");
  CHECK(verdict_text(steady, {2min}) ==
        "steady so far: growth of 30.0 MiB in these 2 min would not show; record longer");
  CHECK(verdict_text(steady, {2min, true}) ==
        "steady so far: growth of 30.0 MiB in these 2 min would not show; choose a longer window");
}

TEST_CASE(
    "an unsure verdict on a window is about the window, and one with gaps about the samples") {
  auto few = judgement_of(Verdict::unsure, Reason::few_samples, {});
  few.more_seconds = 60;
  CHECK(verdict_text(few, {10s, true}) ==
        "not enough to tell: too few samples; choose a window of 2 min");
  few.samples = 3600;
  CHECK(verdict_text(few, {1h}) ==
        "not enough to tell: most of the time has no samples; judge a part that has samples");
}

TEST_CASE("the recommended length is a round time that is long enough") {
  const auto recommended = [](double more, Duration shown) {
    auto judgement = judgement_of(Verdict::unsure, Reason::noise, {});
    judgement.more_seconds = more;
    return round_time_text(recommended_length(judgement, shown));
  };
  CHECK(recommended(1, 1s) == "2 s");
  CHECK(recommended(60, 5s) == "2 min");
  CHECK(recommended(1801, 30min) == "2 h");
  CHECK(recommended(3600, 47h) == "2 d");
  CHECK(recommended(3601, 47h) == "3 d");
  CHECK(recommended(86400.0 * 20, 24h) == "21 d");
}

TEST_CASE("a limit is reached in a readable time") {
  CHECK(limit_text({LimitReached::Of::limit, 512, 9}) == "reaches the limit of 512.0 MiB in 9 h");
  CHECK(limit_text({LimitReached::Of::host_memory, 15974.4, 100}) ==
        "reaches the machine's 15.60 GiB in 4 d 4 h");
}

TEST_CASE("a limit below the memory is not in the future") {
  CHECK(limit_text({LimitReached::Of::limit, 10, 0}) == "is above the limit of 10.0 MiB already");
}

}  // namespace mprofpp::leak
