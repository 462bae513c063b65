#include "mprofpp/report/loadtest.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace mprofpp;
using namespace mprofpp::report;
using namespace std::chrono_literals;

namespace {

constexpr double kib = 1.0 / 1024;

LoadtestLoad load_of(leak::Verdict verdict, leak::Reason reason, const leak::Slope& rate) {
  LoadtestLoad load;
  load.command = "ab -n 1000 http://127.0.0.1:8000/users";
  load.mib_before = 40;
  for (int i = 0; i < 8; ++i) {
    load.rounds.push_back({i < 2, 1000, 0, 500ms, 41.0 + i});
  }
  auto& judgement = load.judged.judgement;
  judgement.verdict = verdict;
  judgement.reason = reason;
  judgement.rate = rate;
  judgement.first = 2;
  judgement.growth_mib = 6;
  return load;
}

LoadtestLoad leaking() {
  return load_of(leak::Verdict::leak, leak::Reason::grows, {1.04 * kib, 1.02 * kib, 1.06 * kib});
}

LoadtestLoad steady() {
  return load_of(leak::Verdict::steady, leak::Reason::flat, {0, -0.01 * kib, 0.04 * kib});
}

LoadtestResult result_of(std::vector<LoadtestLoad> loads) {
  return {"x.dat", "server", model::Metric::rss, std::move(loads)};
}

}  // namespace

TEST_CASE("a leak is printed as memory for each request") {
  CHECK(load_verdict_text(leaking()) ==
        "leak: +1.04 KiB a request (95 %: 1.02 to 1.06), +6.0 MiB in rounds 3 to 8");
}

TEST_CASE("a load whose requests nobody counts has its rate for each round") {
  auto load = leaking();
  load.unit = LoadUnit::round;
  CHECK(load_verdict_text(load).starts_with("leak: +1.04 KiB a round (95 %: 1.02 to 1.06)"));
}

TEST_CASE("a steady load is printed with the leak that would have shown") {
  CHECK(load_verdict_text(steady()) == "steady; a leak below 41.0 B a request would not show");
}

TEST_CASE("an unsure load is printed with the reason and the rounds that may decide it") {
  auto load =
      load_of(leak::Verdict::unsure, leak::Reason::slowing, {0.5 * kib, -0.1 * kib, 1.1 * kib});
  load.judged.judgement.more = 5;
  CHECK(load_verdict_text(load) ==
        "not enough to tell: the growth slows down; so far +512 B a request (95 %: −102 to 1126); "
        "5 more rounds may decide it");
}

TEST_CASE("a single load has a table of its rounds") {
  const auto text = loadtest_text(result_of({leaking()}));
  CHECK(text.find("  1 warm-up     1,000  500 ms  41.0 MiB  +1.0 MiB\n") != std::string::npos);
  CHECK(text.find("  before                       40.0 MiB\n") != std::string::npos);
  CHECK(text.find("  8             1,000  500 ms  48.0 MiB  +1.0 MiB\n") != std::string::npos);
}

TEST_CASE("the process that leaks is named, and the others are counted") {
  auto load = leaking();
  load.judged.processes = {{{10, 1}, "master", steady().judged.judgement},
                           {{11, 2}, "gunicorn", leaking().judged.judgement},
                           {{12, 3}, "gunicorn", steady().judged.judgement}};
  load.judged.process = 1;
  const auto text = loadtest_text(result_of({load}));
  CHECK(text.find("  in process 11 (gunicorn); the other 2 are steady\n") != std::string::npos);
}

TEST_CASE("each of several processes that leak has its own rate") {
  auto load = leaking();
  load.judged.processes = {{{11, 2}, "gunicorn", leaking().judged.judgement},
                           {{12, 3}, "gunicorn", leaking().judged.judgement}};
  load.judged.growth = leak::TreeGrowth::each;
  const auto text = loadtest_text(result_of({load}));
  for (const auto* pid : {"11", "12"}) {
    CHECK(text.find(std::string("  +1.04 KiB a request (95 %: 1.02 to 1.06) in process ") + pid) !=
          std::string::npos);
  }
}

TEST_CASE("processes that exited are noted, and those that started and live") {
  auto load = steady();
  load.judged.passing = 4;
  load.judged.late = 1;
  const auto text = loadtest_text(result_of({load}));
  CHECK(text.find("  3 processes exited during the rounds; what they kept ended with them\n") !=
        std::string::npos);
  CHECK(text.find("  1 process started during the rounds and still ran at the end\n") !=
        std::string::npos);
}

TEST_CASE("a step that was taken out is not part of the rate") {
  auto load = leaking();
  load.judged.judgement.step = leak::Step{5, 4};
  CHECK(loadtest_text(result_of({load}))
            .find("  one step of +4.0 MiB in round 5 is not part of the rate\n") !=
        std::string::npos);
}

TEST_CASE("an amount from 1024 bytes on is in KiB") {
  auto load = steady();
  load.judged.judgement.rate.high = 1023.99 / (1 << 20);
  CHECK(load_verdict_text(load) == "steady; a leak below 1.00 KiB a request would not show");
}

TEST_CASE("a leak that is not confirmed is not decided") {
  const auto load = load_of(leak::Verdict::unsure, leak::Reason::grows, {kib, 0.6 * kib, 2 * kib});
  CHECK(load_verdict_text(load).starts_with(
      "not enough to tell: it grows, which the next rounds must confirm; so far +1.00 KiB"));
}

TEST_CASE("several loads are ranked, the fastest leak first") {
  auto slow = leaking();
  slow.command = "slow";
  slow.judged.judgement.rate = {0.2 * kib, 0.1 * kib, 0.3 * kib};
  const auto result = result_of({steady(), slow, leaking()});
  const auto text = loadtest_text(result);
  CHECK(text.find("/users\n  leak: +1.04") < text.find("slow\n  leak: +205 B"));
  CHECK(text.find("slow\n") < text.find("  steady; "));
  CHECK(verdict_of(result) == leak::Verdict::leak);
}

TEST_CASE("an unsure load counts for more than a steady one") {
  const auto unsure = load_of(leak::Verdict::unsure, leak::Reason::noise, {});
  CHECK(verdict_of(result_of({steady(), unsure})) == leak::Verdict::unsure);
  CHECK(verdict_of(result_of({steady()})) == leak::Verdict::steady);
}

TEST_CASE("JSON has the rates in KiB, the rounds and the processes") {
  const auto json = loadtest_json(result_of({leaking()}));
  CHECK(
      json.starts_with("{\"schema\":1,\"file\":\"x.dat\",\"service\":\"server\",\"metric\":\"rss\","
                       "\"verdict\":\"leak\",\"loads\":[{"));
  CHECK(json.find("\"kib_each\":1.04,\"low_kib_each\":1.02,\"high_kib_each\":1.06") !=
        std::string::npos);
  CHECK(json.find("{\"round\":3,\"warmup\":false,\"requests\":1000,\"failed\":0,\"took_s\":0.5,"
                  "\"rest_mib\":43.0}") != std::string::npos);
  CHECK(json.ends_with("}\n"));
}

TEST_CASE("a command does not break the table of Markdown") {
  auto load = leaking();
  load.command = "a | b";
  const auto text = loadtest_markdown(result_of({load}));
  CHECK(text.find("| `` a \\| b `` | leak: +1.04 KiB") != std::string::npos);
  CHECK(text.find("| 1 (warm-up) | 1,000 | 500 ms | 41.0 MiB | +1.0 MiB |\n") != std::string::npos);
}

TEST_CASE("failed requests are counted in the result") {
  auto load = steady();
  load.rounds[3].failed = 2;
  CHECK(loadtest_text(result_of({load})).find("  2 requests failed\n") != std::string::npos);
}
