#include "mprofpp/report/loadtest.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_table.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/report/detail/json.hpp"

namespace mprofpp::report {
namespace {

using leak::Reason;
using leak::RoundsJudgement;
using leak::Verdict;

constexpr double kibi = 1024;

std::string each_of(LoadUnit unit) {
  return unit == LoadUnit::request ? " a request" : " a round";
}

/// Formats "+1.04 KiB a request (95 %: 1.02 to 1.06)".
std::string rate_text(const leak::Slope& rate, LoadUnit unit) {
  return interval_text(rate.middle, rate.low, rate.high, each_of(unit));
}

std::string reason_text(Reason reason) {
  switch (reason) {
    case Reason::few_samples:
      return "too few rounds";
    case Reason::slowing:
      return "the growth slows down";
    case Reason::began_late:
      return "it began to grow late";
    case Reason::grows:
      return "it grows, which the next rounds must confirm";
    default:
      return "the memory at rest varies too much";
  }
}

std::string leak_text(const LoadtestLoad& load) {
  const auto& own = load.judged.judgement;
  return "leak: " + rate_text(own.rate, load.unit) + ", " + growth_text(own.growth_mib) +
         " in rounds " + std::to_string(own.first + 1) + " to " +
         std::to_string(load.rounds.size());
}

std::string unsure_text(const LoadtestLoad& load) {
  const auto& own = load.judged.judgement;
  std::string text = "not enough to tell: " + reason_text(own.reason);
  if (own.reason != Reason::few_samples) {
    text += "; so far " + rate_text(own.rate, load.unit);
  }
  if (own.more == 0) return text;
  return text + "; " + counted(own.more, "more round", "more rounds") + " may decide it";
}

std::string name_of(const leak::ProcessRounds& process) {
  const auto pid = "process " + std::to_string(process.id.pid);
  return process.name.empty() ? pid : pid + " (" + visible(process.name) + ")";
}

/// Returns "the other 2 processes are steady"; empty if there is no other.
std::string others_text(const leak::LoadJudgement& judged) {
  const auto others = judged.processes.size() - 1;
  if (others == 0) return "";
  const auto steady = static_cast<std::size_t>(std::count_if(
      judged.processes.begin(), judged.processes.end(),
      [](const auto& process) { return process.judgement.verdict == Verdict::steady; }));
  if (steady == others) {
    return others == 1 ? "; the other one is steady"
                       : "; the other " + std::to_string(others) + " are steady";
  }
  return "";
}

/// Returns the processes that leak with their rates, one per line.
std::string leaking_processes_text(const LoadtestLoad& load) {
  std::string text;
  for (const auto& process : load.judged.processes) {
    if (process.judgement.verdict != Verdict::leak) continue;
    text += "  " + rate_text(process.judgement.rate, load.unit) + " in " + name_of(process) + "\n";
  }
  return text.empty() ? "  each process keeps a little\n" : text;
}

/// Returns which processes leak; empty if there is only one process.
std::string processes_text(const LoadtestLoad& load) {
  const auto& judged = load.judged;
  if (judged.judgement.verdict != Verdict::leak) return "";
  if (judged.growth == leak::TreeGrowth::number) return "  the number of processes grows\n";
  if (judged.growth == leak::TreeGrowth::each) return leaking_processes_text(load);
  if (!judged.process || judged.processes.size() < 2) return "";
  return "  in " + name_of(judged.processes[*judged.process]) + others_text(judged) + "\n";
}

/// Returns how many processes did not live through the rounds, one fact per line.
std::string passing_text(const leak::LoadJudgement& judged) {
  std::string text;
  const auto exited = judged.passing - judged.late;
  if (exited > 0) {
    text += "  " + counted(exited, "process", "processes") +
            " exited during the rounds; what they kept ended with them\n";
  }
  if (judged.late > 0) {
    text += "  " + counted(judged.late, "process", "processes") +
            " started during the rounds and still ran at the end\n";
  }
  return text;
}

/// Returns what else is to say about a load, one fact per line.
std::string notes_text(const LoadtestLoad& load) {
  std::string text = processes_text(load);
  const auto& judged = load.judged.judgement;
  if (judged.step) {
    text += "  one step of " + growth_text(judged.step->mib) + " in round " +
            fixed(judged.step->seconds, 0) + " is not part of the rate\n";
  }
  if (judged.reason == Reason::levelled_off) text += "  it grew at first and levelled off\n";
  text += passing_text(load.judged);
  std::uint64_t failed = 0;
  for (const auto& round : load.rounds) failed += round.failed;
  if (failed > 0) text += "  " + counted(failed, "request", "requests") + " failed\n";
  return text;
}

std::string memory_or_unknown(const std::optional<double>& mib) {
  return mib ? memory_text(*mib) : "not read";
}

std::string requests_of(const LoadtestRound& round) {
  return round.requests ? grouped_digits(*round.requests) : "";
}

std::string added(const std::optional<double>& before, const std::optional<double>& after) {
  return before && after ? growth_text(*after - *before) : "";
}

std::string without_trailing_spaces(std::string_view lines) {
  std::string text;
  for_each_line(lines, [&](std::string_view line) {
    text += std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
  });
  return text;
}

std::string rounds_text(const LoadtestLoad& load) {
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right});
  table.add({"  round", "requests", "took", "at rest", "added"});
  table.add({"  before", "", "", memory_or_unknown(load.mib_before), ""});
  auto before = load.mib_before;
  for (std::size_t i = 0; i < load.rounds.size(); ++i) {
    const auto& round = load.rounds[i];
    table.add({"  " + std::to_string(i + 1) + (round.is_warmup ? " warm-up" : ""),
               requests_of(round), readable(round.took), memory_or_unknown(round.mib),
               added(before, round.mib)});
    if (round.mib) before = round.mib;
  }
  return without_trailing_spaces(table.text(0));
}

/// The order of the ranking: leaks by their rate, then what is unsure, then what is steady.
std::vector<const LoadtestLoad*> ranked(const LoadtestResult& result) {
  std::vector<const LoadtestLoad*> loads;
  for (const auto& load : result.loads) loads.push_back(&load);
  const auto key = [](const LoadtestLoad* load) {
    const auto& own = load->judged.judgement;
    const int place = own.verdict == Verdict::leak ? 0 : own.verdict == Verdict::unsure ? 1 : 2;
    return std::tuple(place, -own.rate.middle);
  };
  std::stable_sort(loads.begin(), loads.end(),
                   [&](const auto* one, const auto* other) { return key(one) < key(other); });
  return loads;
}

Json kib_or_null(const RoundsJudgement& judgement, double mib) {
  if (judgement.reason == Reason::few_samples) return nullptr;
  return rounded_or_null(mib * kibi);
}

Json judgement_fields(const RoundsJudgement& judgement) {
  Json fields;
  fields["verdict"] = leak::name_of(judgement.verdict);
  fields["why"] =
      judgement.reason == Reason::few_samples ? "few rounds" : leak::name_of(judgement.reason);
  fields["kib_each"] = kib_or_null(judgement, judgement.rate.middle);
  fields["low_kib_each"] = kib_or_null(judgement, judgement.rate.low);
  fields["high_kib_each"] = kib_or_null(judgement, judgement.rate.high);
  return fields;
}

Json process_fields(const leak::ProcessRounds& process) {
  Json fields;
  fields["pid"] = process.id.pid;
  fields["start"] = process.id.start;
  fields["name"] = process.name;
  fields.update(judgement_fields(process.judgement));
  return fields;
}

Json round_fields(const LoadtestRound& round, std::size_t number) {
  Json fields;
  fields["round"] = number;
  fields["warmup"] = round.is_warmup;
  fields["requests"] = value_or_null(round.requests);
  fields["failed"] = round.failed;
  fields["took_s"] = to_seconds(round.took);
  fields["rest_mib"] = rounded_or_null(round.mib);
  return fields;
}

Json load_fields(const LoadtestLoad& load) {
  const auto& judged = load.judged;
  Json fields;
  fields["load"] = load.command;
  fields.update(judgement_fields(judged.judgement));
  fields["confidence"] = 0.95;
  fields["each"] = load.unit == LoadUnit::request ? "request" : "round";
  fields["from_round"] = judged.judgement.first + 1;
  fields["kept_mib"] = rounded_or_null(judged.judgement.growth_mib);
  fields["more_rounds"] = judged.judgement.more;
  fields["pid"] = judged.process ? Json(judged.processes[*judged.process].id.pid) : Json(nullptr);
  fields["name"] = judged.process ? Json(judged.processes[*judged.process].name) : Json(nullptr);
  fields["steps"] = Json::array();
  if (const auto& step = judged.judgement.step) {
    fields["steps"].push_back({{"round", step->seconds}, {"mib", step->mib}});
  }
  fields["before_mib"] = rounded_or_null(load.mib_before);
  fields["rounds"] = Json::array();
  for (std::size_t i = 0; i < load.rounds.size(); ++i) {
    fields["rounds"].push_back(round_fields(load.rounds[i], i + 1));
  }
  fields["total"] = judgement_fields(judged.total);
  fields["passing_processes"] = judged.passing;
  fields["late_processes"] = judged.late;
  fields["processes"] = Json::array();
  for (const auto& process : judged.processes) {
    fields["processes"].push_back(process_fields(process));
  }
  return fields;
}

/// Returns text as a cell of a Markdown table, as code.
std::string code_cell(const std::string& text) {
  std::string cell;
  for (const char letter : visible(text)) cell += letter == '|' ? "\\|" : std::string(1, letter);
  return "`` " + cell + " ``";
}

std::string markdown_rounds(const LoadtestLoad& load) {
  std::string text = "| round | requests | took | at rest | added |\n|---|---:|---:|---:|---:|\n";
  text += "| before | | | " + memory_or_unknown(load.mib_before) + " | |\n";
  auto before = load.mib_before;
  for (std::size_t i = 0; i < load.rounds.size(); ++i) {
    const auto& round = load.rounds[i];
    text += "| " + std::to_string(i + 1) + (round.is_warmup ? " (warm-up)" : "") + " | " +
            requests_of(round) + " | " + readable(round.took) + " | " +
            memory_or_unknown(round.mib) + " | " + added(before, round.mib) + " |\n";
    if (round.mib) before = round.mib;
  }
  return text;
}

}  // namespace

Verdict verdict_of(const LoadtestResult& result) {
  return ranked(result).front()->judged.judgement.verdict;
}

std::string load_verdict_text(const LoadtestLoad& load) {
  const auto& own = load.judged.judgement;
  switch (own.verdict) {
    case Verdict::leak:
      return leak_text(load);
    case Verdict::unsure:
      return unsure_text(load);
    case Verdict::steady:
      break;
  }
  return "steady; a leak below " + short_memory_text(own.rate.high) + each_of(load.unit) +
         " would not show";
}

std::string loadtest_text(const LoadtestResult& result) {
  if (result.loads.size() == 1) {
    const auto& load = result.loads.front();
    return load_verdict_text(load) + "\n" + notes_text(load) + rounds_text(load);
  }
  std::string text;
  for (const auto* load : ranked(result)) {
    text += visible(load->command) + "\n  " + load_verdict_text(*load) + "\n";
    text += notes_text(*load);
  }
  return text;
}

std::string loadtest_markdown(const LoadtestResult& result) {
  std::string text = "| load | verdict |\n|---|---|\n";
  for (const auto* load : ranked(result)) {
    text += "| " + code_cell(load->command) + " | " + load_verdict_text(*load) + " |\n";
  }
  for (const auto* load : ranked(result)) {
    text += "\n" + code_cell(load->command) + "\n";
    for_each_line(notes_text(*load),
                  [&](std::string_view note) { text += "\n" + std::string(trim(note)) + "\n"; });
    text += "\n" + markdown_rounds(*load);
  }
  return text;
}

std::string loadtest_json(const LoadtestResult& result) {
  Json json;
  json["schema"] = 1;
  json["file"] = result.file;
  json["service"] = result.service;
  json["metric"] = model::name_of(result.metric);
  json["verdict"] = leak::name_of(verdict_of(result));
  json["loads"] = Json::array();
  for (const auto* load : ranked(result)) json["loads"].push_back(load_fields(*load));
  return to_text(json);
}

}  // namespace mprofpp::report
