#include "loadtest/loadtest.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "loadtest/exit_text.hpp"
#include "loadtest/ready_wait.hpp"
#include "loadtest/web_address.hpp"
#include "marks/run_lookup.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr const char* service_place = "service";
constexpr Duration between_checks = 200ms;

/// Returns the addresses of the loads on this machine.
std::vector<WebAddress> targets_of(const LoadtestPlan& plan) {
  std::vector<WebAddress> targets;
  for (const auto& load : plan.loads) {
    if (const auto address = find_local_address(load)) targets.push_back(*address);
  }
  return targets;
}

/// A round of an unknown number of requests counts as one.
double requests_of(const report::LoadtestRound& round) {
  return round.requests ? static_cast<double>(*round.requests) : 1;
}

leak::RoundsQuestion question_for(const LoadtestPlan& plan, report::LoadUnit unit) {
  constexpr double certain_a_round = 0.25;  // MiB
  constexpr double least_a_round = 1.0 / 64;
  leak::RoundsQuestion question;
  question.warmup = plan.warmup;
  if (unit == report::LoadUnit::request) return question;
  question.certain_rate = certain_a_round;
  question.least_rate = least_a_round;
  return question;
}

}  // namespace

Result<void> Loadtest::run(const sigset_t& mask) {
  if (auto ready = await_ready(); !ready) return ready;
  if (auto rested = rest(); !rested) return rested;
  for (std::size_t i = 0; i < plan_.loads.size(); ++i) {
    if (auto done = run_load(i, mask); !done) return done;
  }
  return {};
}

Result<void> Loadtest::await_ready() {
  constexpr Duration between_looks = 50ms;
  const auto start = Steady::now();
  ReadyCheck check_ready(plan_.ready, targets_of(plan_));
  while (true) {
    if (auto going_on = check(); !going_on) return going_on;
    const bool has_started = service_.state() == Service::State::running;
    if (has_started && check_ready.is_ready(service_, watch_.fd())) break;
    const Duration waited = Steady::now() - start;
    if (waited >= plan_.ready_timeout) {
      printed_ = service_.output().tail(1 << 16);
      return fail(Errc::io, service_place,
                  "was not ready within " + readable(plan_.ready_timeout) + ": " +
                      check_ready.missing(service_),
                  "--ready and --ready-timeout change what is waited for");
    }
    watch_.wait(between_looks, service_.fd());
  }
  is_ready_ = true;
  if (progress_ != Progress::quiet) note_ready(Steady::now() - start);
  return {};
}

void Loadtest::note_ready(Duration waited) const {
  console_.note("the service is ready after " + readable(waited) + " (process " +
                std::to_string(service_.pid()) + "), recorded in " + visible(service_.recording()));
  for (const auto& load : plan_.loads) {
    if (find_local_address(load)) continue;
    console_.note("'" + visible(load) +
                  "' has no address of this machine that mprofpp recognises, "
                  "so it is not known whether the service answers it");
  }
}

/// Fails if the service is over or a signal asked to stop.
Result<void> Loadtest::check() {
  service_.update(watch_);
  if (progress_ == Progress::all) show(service_.output().take_new());
  if (watch_.stop_signal()) return fail(Errc::busy, "", "interrupted");
  if (!service_.is_over()) return {};
  printed_ = service_.output().tail(1 << 16);
  return Failure(early_end());
}

/// Returns the error of a service that is over.
Error Loadtest::early_end() const {
  using State = Service::State;
  if (service_.state() == State::lost)
    return {Errc::vanished, "loadtest", "the recorder was killed"};
  if (service_.state() == State::not_started)
    return {Errc::vanished, service_place, "was not started"};
  const std::string when = is_ready_ ? " during the test" : " before it was ready";
  if (service_.status() != 0)
    return {Errc::vanished, service_place, exit_text(service_.status()) + when};
  return {Errc::vanished, service_place, "ended" + when + ", with status 0",
          "a service must stay in the foreground"};
}

void Loadtest::show(const std::string& output) const {
  for_each_line(
      output, [&](std::string_view line) { console_.note(console_.faint("| " + visible(line))); });
}

Result<void> Loadtest::run_load(std::size_t load, const sigset_t& mask) {
  loads_.emplace_back().command = plan_.loads[load];
  first_rests_.push_back(rests_.size() - 1);
  wanted_.push_back(plan_.rounds);
  looks_ = {};
  while (true) {
    while (loads_[load].rounds.size() < wanted_[load]) {
      if (auto done = run_round(load, mask); !done) return done;
    }
    const auto more = rounds_to_add(load);
    if (more == 0) return {};
    wanted_[load] += more;
    if (progress_ == Progress::quiet) continue;
    console_.note(report::load_verdict_text(loads_[load]) + "; " +
                  counted(more, "round is", "rounds are") + " added");
  }
}

/// Looks at the judgement of a load, and returns how many rounds are added if it is not certain.
std::size_t Loadtest::rounds_to_add(std::size_t load) {
  constexpr std::size_t least = 2;
  constexpr std::size_t most = 4;
  auto& judgement = loads_[load].judged.judgement;
  judgement = looks_.take(std::move(judgement));
  if (judgement.verdict != leak::Verdict::unsure) return 0;
  return std::min(std::clamp(judgement.more, least, most), plan_.most_rounds - wanted_[load]);
}

Result<void> Loadtest::run_round(std::size_t load, const sigset_t& mask) {
  const auto& command = plan_.loads[load];
  const auto number = loads_[load].rounds.size() + 1;
  const auto name = (plan_.loads.size() > 1 ? "load " + std::to_string(load + 1) + " " : "");
  mark(name + "round " + std::to_string(number));
  const auto start = Steady::now();
  auto running = Load::start(command, mask, watch_);
  if (!running) return Failure(running.error());
  const auto result = finish(*running, command);
  if (!result) return Failure(result.error());
  report::LoadtestRound round;
  round.is_warmup = number <= plan_.warmup;
  round.took = Steady::now() - start;
  round.requests = result->counts ? std::optional(result->counts->complete) : plan_.requests;
  round.failed = result->counts ? result->counts->failed : 0;
  loads_[load].rounds.push_back(round);
  mark(name + "rest " + std::to_string(number));
  if (auto rested = rest(); !rested) return rested;
  if (auto judged = judge(load); !judged) return judged;
  if (progress_ != Progress::quiet) note_round(load);
  return {};
}

/// Waits for the end of the load.
Result<LoadResult> Loadtest::finish(Load& load, const std::string& command) {
  while (!load.status()) {
    if (auto going_on = check(); !going_on) return Failure(going_on.error());
    load.output().drop_old();
    watch_.wait(between_checks, service_.fd());
  }
  auto result = result_of(load, *load.status());
  if (progress_ == Progress::all) show(result.output);
  if (const auto checked = check_load(command, result); !checked) {
    // a service that is gone is the cause
    watch_.wait(between_checks, service_.fd());
    if (auto going_on = check(); !going_on) return Failure(going_on.error());
    if (checked.error().code != Errc::malformed) printed_ = result.output;
    return Failure(checked.error());
  }
  return result;
}

/// Lets the service rest, and keeps the time of that.
Result<void> Loadtest::rest() {
  const auto begin = clock_.now();
  const auto end = Steady::now() + plan_.rest;
  while (Steady::now() < end) {
    if (auto going_on = check(); !going_on) return going_on;
    watch_.wait(std::min<Duration>(end - Steady::now(), between_checks), service_.fd());
  }
  rests_.push_back({begin, clock_.now()});
  return check();
}

/// Adds a named point to the recording. A recording without marks is judged all the same.
void Loadtest::mark(const std::string& text) {
  if (!marker_) {
    const auto folder = folder_of_run(service_.pid());
    const auto id = identify(service_.pid());
    if (!folder || folder->empty() || !id) return;
    auto marker = Marker::open(*folder, *id);
    if (!marker) return;
    marker_ = std::make_unique<Marker>(std::move(*marker));
  }
  marker_->mark(text);
}

/// Reads the floors of the recording so far and judges the load.
Result<void> Loadtest::judge(std::size_t load) {
  leak::RestFloors floors(rests_);
  if (auto read = store::read(service_.recording(), floors); !read) return read;
  floors.finish();
  add_floors(load, floors);
  auto& own = loads_[load];
  const bool are_counted = std::all_of(own.rounds.begin(), own.rounds.end(), [](const auto& round) {
    return round.requests.has_value();
  });
  own.unit = are_counted ? report::LoadUnit::request : report::LoadUnit::round;
  leak::LoadRounds rounds{first_rests_[load], {}};
  for (const auto& round : own.rounds) {
    rounds.requests.push_back(are_counted ? requests_of(round) : 1);
  }
  own.judged = leak::judge_load(floors, rounds, question_for(plan_, own.unit));
  return {};
}

void Loadtest::add_floors(std::size_t load, const leak::RestFloors& floors) {
  auto& own = loads_[load];
  const auto first = first_rests_[load];
  own.mib_before = floors.total()[first];
  for (std::size_t i = 0; i < own.rounds.size(); ++i) {
    own.rounds[i].mib = floors.total()[first + 1 + i];
  }
}

void Loadtest::note_round(std::size_t load) const {
  const auto& rounds = loads_[load].rounds;
  const auto& round = rounds.back();
  const auto before = rounds.size() > 1 ? rounds[rounds.size() - 2].mib : loads_[load].mib_before;
  std::string line = plan_.loads.size() > 1 ? "load " + std::to_string(load + 1) + ", " : "";
  line += "round " + std::to_string(rounds.size()) + " of " + std::to_string(wanted_[load]) + ": ";
  if (round.requests) line += grouped_digits(*round.requests) + " requests in ";
  line += readable(round.took);
  if (round.mib) line += ", " + memory_text(*round.mib) + " at rest";
  if (round.mib && before) {
    line += *round.mib == *before ? ", unchanged" : ", " + growth_text(*round.mib - *before);
  }
  if (round.is_warmup) line += " (warm-up)";
  if (round.failed > 0) line += "; " + grouped_digits(round.failed) + " requests failed";
  console_.note(line);
}

}  // namespace mprofpp::app
