#include "loadtest/loadtest_options.hpp"

#include <algorithm>
#include <chrono>

#include <CLI/Option.hpp>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t most_rounds = 1000;
constexpr std::uint64_t most_requests = 1'000'000'000'000;

/// The limits of a number.
struct Limits {
  std::uint64_t least;
  std::uint64_t most;
};

Result<std::uint64_t> parse_count(const std::string& option, const std::string& text,
                                  const Limits& limits) {
  const auto number = parse_integer<std::uint64_t>(text);
  if (number && *number >= limits.least && *number <= limits.most) return *number;
  return fail(Errc::invalid_argument, option,
              "'" + text + "' is not a number from " + std::to_string(limits.least) + " to " +
                  std::to_string(limits.most));
}

Result<Duration> parse_time(const std::string& option, const std::string& text, Duration shortest) {
  const auto time = parse_duration(text);
  if (!time || *time > 24h) {
    return fail(Errc::invalid_argument, option, "'" + text + "' is not a valid time",
                "write 500ms, 2s or 1m");
  }
  if (*time >= shortest) return *time;
  return fail(Errc::invalid_argument, option, "'" + text + "' is too short",
              "the minimum is " + readable(shortest));
}

}  // namespace

void LoadtestOptions::bind(CLI::App& app) {
  app.add_option("--load", loads_,
                 "the command that sends the requests of a round, for sh;\n"
                 "may be repeated: each load has its own rounds, and they\n"
                 "are ranked")
      ->type_name("COMMAND")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--rounds", rounds_, "rounds of each load (default: 8)")->type_name("N");
  app.add_option("--warmup", warmup_, "how many of them, at the start, do not count\n(default: 2)")
      ->type_name("N");
  app.add_option("--max-rounds", most_rounds_,
                 "the most rounds of a load: mprofpp adds some while it is\n"
                 "not enough to tell (default: three times --rounds)")
      ->type_name("N");
  app.add_option("--rest", rest_,
                 "time without requests after each round, whose least\n"
                 "memory counts (default: 2s)")
      ->type_name("TIME");
  app.add_option("--requests", requests_,
                 "requests of a round; ab, wrk and hey print it, so that\n"
                 "this is for other loads (default: count in rounds)")
      ->type_name("N");
  app.add_option("--ready", ready_,
                 "when the service is ready: 'port 8000', 'GET URL', or\n"
                 "'text TEXT' that it prints (default: when it listens at\n"
                 "the ports of the loads' URLs, or at any)")
      ->type_name("SIGN");
  app.add_option("--ready-timeout", ready_timeout_, "how long to wait for that (default: 60s)")
      ->type_name("TIME");
  app.add_flag("--json", json_, "print the result as one line of JSON");
  app.add_flag("--markdown", markdown_, "print the result as Markdown");
}

LoadtestFormat LoadtestOptions::format() const {
  if (json_) return LoadtestFormat::json;
  return markdown_ ? LoadtestFormat::markdown : LoadtestFormat::text;
}

Result<Duration> LoadtestOptions::parse_rest(Duration interval) const {
  constexpr Duration usual = 2s;
  constexpr int ticks_of_a_rest = 5;
  const auto shortest = interval * ticks_of_a_rest;
  if (!rest_.empty()) return parse_time("--rest", rest_, shortest);
  if (usual >= shortest) return usual;
  return fail(
      Errc::invalid_argument, "--interval",
      "'" + readable(interval) + "' is too long for a rest of " + readable(usual),
      "--rest " + std::to_string(std::chrono::ceil<std::chrono::seconds>(shortest).count()) + "s");
}

Result<LoadtestPlan> LoadtestOptions::plan(Duration interval) const {
  if (loads_.empty()) {
    return fail(Errc::invalid_argument, "loadtest", "no load",
                "mprofpp loadtest --load 'ab -n 2000 URL' -- PROGRAM; options go before PROGRAM");
  }
  if (json_ && markdown_) {
    return fail(Errc::invalid_argument, "--json", "cannot be combined with --markdown",
                "choose one of them");
  }
  LoadtestPlan plan;
  plan.loads = loads_;
  for (const auto& load : loads_) {
    if (load == "--") {
      return fail(Errc::invalid_argument, "--load", "needs a value", "--load 'ab -n 2000 URL'");
    }
    if (trim(load).empty()) return fail(Errc::invalid_argument, "--load", "the command is empty");
  }
  const auto rounds = parse_count("--rounds", rounds_, {1, most_rounds});
  if (!rounds) return Failure(rounds.error());
  constexpr std::uint64_t usual_warmup = 2;
  const auto warmup = warmup_.empty() ? Result<std::uint64_t>(std::min(usual_warmup, *rounds - 1))
                                      : parse_count("--warmup", warmup_, {0, *rounds - 1});
  if (!warmup) return Failure(warmup.error());
  const auto most = most_rounds_.empty()
                        ? Result<std::uint64_t>(std::min(*rounds * 3, most_rounds))
                        : parse_count("--max-rounds", most_rounds_, {*rounds, most_rounds});
  if (!most) return Failure(most.error());
  const auto rest = parse_rest(interval);
  if (!rest) return Failure(rest.error());
  const auto timeout = parse_time("--ready-timeout", ready_timeout_, 1ms);
  if (!timeout) return Failure(timeout.error());
  auto ready = parse_ready(ready_);
  if (!ready) return Failure(ready.error());
  plan.rounds = *rounds;
  plan.warmup = *warmup;
  plan.most_rounds = *most;
  plan.rest = *rest;
  plan.ready = std::move(*ready);
  plan.ready_timeout = *timeout;
  if (requests_.empty()) return plan;
  const auto requests = parse_count("--requests", requests_, {1, most_requests});
  if (!requests) return Failure(requests.error());
  plan.requests = *requests;
  return plan;
}

}  // namespace mprofpp::app
