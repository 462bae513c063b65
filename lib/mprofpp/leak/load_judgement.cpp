#include "mprofpp/leak/load_judgement.hpp"

#include <algorithm>
#include <numeric>

namespace mprofpp::leak {
namespace {

/// The floors of one curve that a load has, and how many of its rounds were warm-up.
struct LoadFloors {
  std::vector<RestFloor> floors;
  std::size_t warmup = 0;
};

using Floors = std::vector<std::optional<double>>;

/// Returns the floors of the load. A rest without a reading is left out: its round counts with the next one.
LoadFloors floors_of(const Floors& all, const LoadRounds& rounds, std::size_t warmup) {
  LoadFloors result;
  double requests = 0;
  for (std::size_t i = 0; i <= rounds.requests.size(); ++i) {
    if (i > 0) requests += rounds.requests[i - 1];
    const auto& mib = all[rounds.before + i];
    if (!mib) continue;
    if (i > 0 && i <= warmup) ++result.warmup;
    result.floors.push_back({requests, *mib, i});
  }
  return result;
}

RoundsJudgement judge(const Floors& all, const LoadRounds& rounds, RoundsQuestion question) {
  const auto own = floors_of(all, rounds, question.warmup);
  question.warmup = own.warmup;
  return own.floors.empty() ? RoundsJudgement{} : judge_rounds(own.floors, question);
}

/// Returns the number of rests that count in which the process was read.
std::size_t rests_of(const ProcessAtRest& process, const LoadRounds& rounds, std::size_t first) {
  const auto begin = process.mib.begin() + static_cast<std::ptrdiff_t>(rounds.before);
  const auto end = begin + static_cast<std::ptrdiff_t>(rounds.requests.size()) + 1;
  return static_cast<std::size_t>(std::count_if(begin + static_cast<std::ptrdiff_t>(first), end,
                                                [](const auto& mib) { return mib.has_value(); }));
}

/// Returns the part of the last total that belongs to processes that are not judged alone.
double share_of_others(const RestFloors& floors, const LoadRounds& rounds,
                       const LoadJudgement& load) {
  const auto last = rounds.before + rounds.requests.size();
  const auto total = floors.total()[last];
  if (!total || *total <= 0) return 0;
  double judged = 0;
  for (const auto& process : floors.processes()) {
    const bool is_judged =
        std::any_of(load.processes.begin(), load.processes.end(),
                    [&](const ProcessRounds& own) { return own.id == process.id; });
    if (is_judged) judged += process.mib[last].value_or(0);
  }
  return 1 - judged / *total;
}

/// Returns the process with the fastest leak. One whose growth the rest of the service gives back is none.
std::optional<std::size_t> fastest_leak(const LoadJudgement& load) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < load.processes.size(); ++i) {
    const auto& own = load.processes[i].judgement;
    const bool is_given_back =
        load.total.verdict == Verdict::steady && load.total.rate.high < own.rate.low;
    if (own.verdict != Verdict::leak || is_given_back) continue;
    if (!found || own.rate.middle > load.processes[*found].judgement.rate.middle) found = i;
  }
  return found;
}

bool do_several_leak(const LoadJudgement& load) {
  return std::count_if(load.processes.begin(), load.processes.end(), [](const auto& process) {
           return process.judgement.verdict == Verdict::leak;
         }) > 1;
}

/// Decides about a service none of whose processes leaks.
void decide_by_total(LoadJudgement& load, double others) {
  constexpr double many = 0.2;
  load.judgement = load.total;
  const bool all_steady = std::all_of(
      load.processes.begin(), load.processes.end(),
      [](const ProcessRounds& own) { return own.judgement.verdict == Verdict::steady; });
  if (load.total.verdict == Verdict::leak) {
    if (others > many) {
      load.growth = TreeGrowth::number;
    } else if (load.processes.size() > 1) {
      load.growth = TreeGrowth::each;
      // the noise of several processes that are steady may look like a trend
      if (all_steady) load.judgement.verdict = Verdict::unsure;
      if (all_steady) load.judgement.reason = Reason::noise;
    }
  } else if (load.total.verdict == Verdict::unsure && all_steady && others <= many &&
             !load.processes.empty()) {
    load.judgement = load.processes.front().judgement;
    load.judgement.reason = Reason::every_process_steady;
    load.judgement.rate = load.total.rate;
  }
}

}  // namespace

LoadJudgement judge_load(const RestFloors& floors, const LoadRounds& rounds,
                         const RoundsQuestion& question) {
  LoadJudgement load;
  load.total = judge(floors.total(), rounds, question);
  const auto first = std::min(question.warmup, rounds.requests.size());
  const auto counted = rounds.requests.size() + 1 - first;
  const auto last = rounds.before + rounds.requests.size();
  for (const auto& process : floors.processes()) {
    const auto rests = rests_of(process, rounds, first);
    if (rests > 0 && rests < counted) {
      ++load.passing;
      if (process.mib[last]) ++load.late;
    }
    if (rests < counted) continue;
    load.processes.push_back({process.id, process.name, judge(process.mib, rounds, question)});
  }
  load.process = fastest_leak(load);
  if (load.process && load.total.verdict == Verdict::leak && do_several_leak(load)) {
    load.process.reset();
    load.growth = TreeGrowth::each;
    load.judgement = load.total;
  } else if (load.process)
    load.judgement = load.processes[*load.process].judgement;
  else
    decide_by_total(load, share_of_others(floors, rounds, load));
  return load;
}

}  // namespace mprofpp::leak
