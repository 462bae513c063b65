#include "mprofpp/report/leaks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mprofpp/base/text_table.hpp"
#include "mprofpp/leak/words.hpp"
#include "mprofpp/report/detail/amounts.hpp"
#include "mprofpp/report/detail/json.hpp"
#include "mprofpp/report/detail/losses.hpp"
#include "mprofpp/report/detail/markdown.hpp"

namespace mprofpp::report {
namespace {

using leak::JudgedProcess;
using leak::Judgement;
using leak::LeakReport;
using leak::MetricJudgement;
using leak::Verdict;
using Answer = leak::CallCause::Answer;

/// Returns a moment of the recording in seconds from its start.
double from_start(double seconds, const LeakReport& report) {
  return seconds - to_seconds(report.start);
}

std::string moment_text(double seconds, const LeakReport& report) {
  const auto at = duration_from_seconds(from_start(seconds, report));
  return at ? readable_moment(*at, std::chrono::seconds(1)) : "-";
}

/// Returns when a leak was there, as times after the start.
std::string period_text(const LeakReport& report) {
  const auto& stretch = *report.deciding().judgement.stretch;
  return growth_text(stretch.growth()) + " from " + moment_text(stretch.from, report) + " to " +
         moment_text(stretch.to, report);
}

std::string process_text(const JudgedProcess& process) {
  return (process.name.empty() ? "process" : visible(process.name)) + " " +
         std::to_string(process.id.pid);
}

std::size_t count_of(Verdict verdict, const std::vector<JudgedProcess>& processes) {
  return static_cast<std::size_t>(std::count_if(
      processes.begin(), processes.end(),
      [&](const JudgedProcess& process) { return process.judgement.verdict == verdict; }));
}

/// Returns the other processes in short: "1 other leaks, 3 are steady".
std::string others_text(const MetricJudgement& judged) {
  const auto leaking = count_of(Verdict::leak, judged.processes);
  const auto steady = count_of(Verdict::steady, judged.processes);
  const auto unsure = judged.processes.size() - leaking - steady;
  const auto others = [&](Verdict verdict, std::size_t count) {
    return judged.judgement.verdict == verdict ? count - 1 : count;
  };
  std::string text;
  const auto add = [&](std::size_t count, const std::string& one, const std::string& several) {
    if (count == 0) return;
    text += (text.empty() ? "; " : ", ") + std::to_string(count) + (count == 1 ? one : several);
  };
  add(others(Verdict::leak, leaking), " other leaks too", " others leak too");
  add(others(Verdict::unsure, unsure), " is not clear", " are not clear");
  add(others(Verdict::steady, steady), " is steady", " are steady");
  return text;
}

/// Returns which process decides; empty if there is only one.
std::string whose_text(const LeakReport& report) {
  const auto& judged = report.deciding();
  const auto* process = report.process();
  if (process && judged.processes.size() > 1) {
    return "in " + process_text(*process) + others_text(judged);
  }
  if (!judged.growth) return {};
  if (*judged.growth == leak::TreeGrowth::number) {
    return "in all processes together: there are more and more of them";
  }
  return "in all processes together: each keeps a little";
}

std::string per_call_text(const leak::CallCause& calls) {
  const std::string text = visible(calls.function);
  if (!calls.per_call) return "with the calls of " + text;
  const auto& slope = *calls.per_call;
  return interval_text(slope.middle, slope.low, slope.high, "/call") + " of " + text + ", " +
         counted(calls.calls, "call", "calls");
}

/// Returns what is known about the function that keeps the memory; empty if no function was marked.
std::string calls_text(const leak::CallCause& calls) {
  switch (calls.answer) {
    case Answer::no_calls:
      return {};
    case Answer::function:
      return per_call_text(calls);
    case Answer::within:
      return "within " + visible(calls.function) + ", the only outermost function with marks";
    case Answer::outside:
      return "outside of the functions with marks";
    case Answer::calls_go_together:
      return "in which function is not clear: the numbers of calls rise together; vary the load";
    case Answer::calls_overlap:
      return "in which function is not clear: calls overlap; vary the load";
    case Answer::calls_are_open:
      return "in which function is not clear: the outermost calls have not ended";
    case Answer::too_few_calls:
      break;
  }
  return "in which function is not clear: too few calls";
}

std::string steps_text(const LeakReport& report) {
  constexpr std::size_t shown = 3;
  const auto& judgement = report.deciding().judgement;
  const auto& steps = judgement.steps;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, steps.size()); ++i) {
    text += (text.empty() ? "" : ", ") + step_text(steps[i], report.start);
  }
  if (steps.size() > shown) text += " and " + std::to_string(steps.size() - shown) + " more";
  if (text.empty()) return text;
  const bool is_left_out = judgement.verdict == Verdict::leak;
  return (steps.size() == 1 ? "one step of " : "steps of ") + text +
         (is_left_out
              ? (steps.size() == 1 ? " is not part of the rate" : " are not part of the rate")
              : "");
}

/// Formats a number of objects with three significant digits: "0.95", "47.0", "1,204".
std::string object_rate_text(double count) {
  if (count >= 99.95) return grouped_digits(static_cast<std::uint64_t>(std::llround(count)));
  return fixed(count, count >= 9.995 ? 1 : 2);
}

/// Returns "6,000 objects and 2.40 MiB an hour", or per call if that is known.
std::string rate_text(const leak::FindingRate& rate) {
  const bool is_per_call = rate.mib_per_call && rate.count_per_call;
  const double count = is_per_call ? *rate.count_per_call : rate.count_per_hour;
  const double mib = is_per_call ? *rate.mib_per_call : rate.mib_per_hour;
  std::string text;
  if (count > 0) text += object_rate_text(count) + " objects";
  if (mib > 0) text += (text.empty() ? "" : " and ") + short_memory_text(mib);
  return text + (is_per_call ? " a call" : " an hour");
}

std::string count_text(const leak::Finding& finding) {
  if (finding.kind == "type") {
    const char* const objects = *finding.count == 1 ? " object" : " objects";
    return "+" + grouped_digits(*finding.count) + objects;
  }
  return counted(*finding.count, "time", "times");
}

std::string finding_text(const leak::Finding& finding, const LeakReport& report) {
  std::string text = finding.kind + " " + visible(finding.where) + "  " + growth_text(finding.mib);
  if (finding.count) text += ", " + count_text(finding);
  if (finding.rate) text += "; " + rate_text(*finding.rate);
  if (report.is_window) text += ", in the whole recording";
  return text;
}

std::string replaced_text(const leak::ReplacedWorkers& workers) {
  return "note: " + std::to_string(workers.leaking) + " of " + std::to_string(workers.lives) + " " +
         (workers.name.empty() ? "processes" : visible(workers.name)) +
         " that were replaced leak, each about +" + short_memory_text(workers.mib_per_hour) + "/h";
}

/// Returns by which metric the recording was judged, and the verdicts by the others. Nothing if there is only
/// one.
std::vector<std::string> metric_lines(const LeakReport& report) {
  const auto& metrics = report.metrics;
  if (metrics.size() < 2) return {};
  std::vector<std::string> lines = {"judged by " + std::string(name_of(metrics.front().metric))};
  for (std::size_t i = 1; i < metrics.size(); ++i) {
    lines.push_back("by " + std::string(name_of(metrics[i].metric)) + ": " +
                    verdict_text(metrics[i].judgement, report.extent()));
  }
  return lines;
}

/// Returns what may have made the judgement worse.
std::vector<std::string> weaknesses(const LeakReport& report) {
  constexpr double long_gap = 0.1;  // of the recording
  std::vector<std::string> texts;
  const auto gap = duration_from_seconds(report.longest_gap);
  const bool is_long = report.longest_gap > long_gap * to_seconds(report.length());
  if (is_long && gap && report.samples >= leak::fewest_samples) {
    texts.push_back("note: no samples for " + readable(*gap));
  }
  if (report.out_of_order > 0) {
    texts.push_back("note: skipped " + counted(report.out_of_order, "sample", "samples") +
                    " from when the clock had been set back");
  }
  return texts;
}

/// Returns a table of the total and of every process.
std::string processes_text(const LeakReport& report) {
  TextTable table({Align::left, Align::left});
  const auto add = [&](const std::string& name, const Judgement& judgement) {
    const auto reason = reason_text(judgement);
    const bool is_said = judgement.verdict == Verdict::unsure || reason.empty();
    table.add(
        {"  " + name, verdict_text(judgement, report.extent()) + (is_said ? "" : "; " + reason)});
  };
  add("total", report.deciding().total);
  for (const auto& process : report.deciding().processes) {
    add(process_text(process), process.judgement);
  }
  return table.text(0);
}

Json rate_fields(const Judgement& judgement) {
  constexpr std::array names = {"rate_mib_h", "low_mib_h", "high_mib_h"};
  const bool is_known = judgement.stretch.has_value();
  Json fields;
  const std::array values = {judgement.rate.middle, judgement.rate.low, judgement.rate.high};
  for (std::size_t i = 0; i < names.size(); ++i) {
    fields[names[i]] = is_known ? number_or_null(values[i]) : Json(nullptr);
  }
  return fields;
}

Json verdict_fields(const Judgement& judgement) {
  Json fields;
  fields["verdict"] = name_of(judgement.verdict);
  fields["why"] = name_of(judgement.reason);
  fields.update(rate_fields(judgement));
  return fields;
}

Json evidence_fields(const Judgement& judgement, const LeakReport& report) {
  Json fields;
  const auto& stretch = judgement.stretch;
  const auto or_null = [&](double value) {
    return stretch ? number_or_null(value) : Json(nullptr);
  };
  const leak::Stretch none;
  const auto& known = stretch ? *stretch : none;
  fields["confidence"] = 0.95;
  fields["kept_mib"] = or_null(std::max(0.0, known.growth()));
  fields["from_s"] = or_null(from_start(known.from, report));
  fields["to_s"] = or_null(from_start(known.to, report));
  const bool is_unsure = judgement.verdict == Verdict::unsure;
  fields["more_s"] = is_unsure ? Json(judgement.more_seconds) : Json(nullptr);
  fields["level_mib"] = number_or_null(judgement.level_mib);
  fields["steps"] = Json::array();
  for (const auto& step : judgement.steps) {
    fields["steps"].push_back({{"at_s", from_start(step.seconds, report)}, {"mib", step.mib}});
  }
  fields["floors_mib"] = Json::array();
  for (const auto& floor : known.floors) fields["floors_mib"].push_back(floor.mib);
  fields["tau"] = or_null(known.trend.tau);
  fields["bend"] = or_null(known.bend.x);
  fields["bend_low"] = or_null(known.bend.low);
  fields["bend_high"] = or_null(known.bend.high);
  return fields;
}

std::string_view name_of_answer(Answer answer) {
  switch (answer) {
    case Answer::no_calls:
      return "no calls";
    case Answer::function:
      return "numbers of calls";
    case Answer::within:
      return "within";
    case Answer::outside:
      return "outside";
    case Answer::calls_go_together:
      return "calls go together";
    case Answer::calls_overlap:
      return "calls overlap";
    case Answer::calls_are_open:
      return "calls are open";
    case Answer::too_few_calls:
      break;
  }
  return "too few calls";
}

Json call_fields(const leak::CallCause& calls) {
  constexpr double kib = 1024;
  Json fields;
  fields["per_call"] = nullptr;
  if (calls.answer == Answer::function && calls.per_call) {
    fields["per_call"] = {{"function", calls.function},
                          {"calls", calls.calls},
                          {"kib", calls.per_call->middle * kib},
                          {"low_kib", calls.per_call->low * kib},
                          {"high_kib", calls.per_call->high * kib},
                          {"called_with", calls.with}};
  }
  fields["function"] = calls.function.empty() ? Json(nullptr) : Json(calls.function);
  fields["function_why"] = name_of_answer(calls.answer);
  return fields;
}

Json process_fields_of(const JudgedProcess& process) {
  Json fields;
  fields["pid"] = process.id.pid;
  fields["start"] = process.id.start;
  fields["name"] = process.name;
  fields.update(verdict_fields(process.judgement));
  return fields;
}

Json tree_fields(const LeakReport& report) {
  const auto& judged = report.deciding();
  Json fields;
  fields["growth_of"] = nullptr;
  if (judged.growth) {
    fields["growth_of"] = *judged.growth == leak::TreeGrowth::number ? "number" : "each process";
  }
  fields["total"] = verdict_fields(judged.total);
  fields["processes"] = Json::array();
  for (const auto& process : judged.processes) {
    fields["processes"].push_back(process_fields_of(process));
  }
  fields["other_metrics"] = Json::array();
  for (std::size_t i = 1; i < report.metrics.size(); ++i) {
    Json other{{"metric", name_of(report.metrics[i].metric)}};
    other.update(verdict_fields(report.metrics[i].judgement));
    fields["other_metrics"].push_back(std::move(other));
  }
  return fields;
}

Json rate_fields(const std::optional<leak::FindingRate>& rate) {
  constexpr double kib = 1024;
  const auto scaled = [](const std::optional<double>& mib) {
    return mib ? Json(*mib * kib) : Json(nullptr);
  };
  Json fields;
  fields["mib_h"] = rate ? Json(rate->mib_per_hour) : Json(nullptr);
  fields["count_h"] = rate ? Json(rate->count_per_hour) : Json(nullptr);
  fields["kib_per_call"] = rate ? scaled(rate->mib_per_call) : Json(nullptr);
  fields["count_per_call"] = rate ? value_or_null(rate->count_per_call) : Json(nullptr);
  return fields;
}

Json context_fields(const LeakReport& report) {
  Json fields;
  fields["limit_mib"] = report.limit ? Json(report.limit->mib) : Json(nullptr);
  fields["limit_reached_h"] = report.limit ? Json(report.limit->hours) : Json(nullptr);
  fields["findings"] = Json::array();
  for (const auto& finding : report.findings) {
    Json fields_of_finding{{"kind", finding.kind},
                           {"where", finding.where},
                           {"mib", finding.mib},
                           {"count", value_or_null(finding.count)}};
    fields_of_finding.update(rate_fields(finding.rate));
    fields["findings"].push_back(std::move(fields_of_finding));
  }
  fields["replaced"] = nullptr;
  if (const auto& replaced = report.replaced) {
    fields["replaced"] = {{"name", replaced->name},
                          {"lives", replaced->lives},
                          {"leaking", replaced->leaking},
                          {"rate_mib_h", replaced->mib_per_hour}};
  }
  fields["duration_s"] = to_seconds(report.length());
  fields["samples"] = report.samples;
  fields["skipped_samples"] = report.out_of_order;
  fields["longest_gap_s"] = report.longest_gap;
  fields["losses"] = loss_fields(report.losses);
  fields["damaged_lines"] = report.damaged_lines;
  return fields;
}

/// Returns why a run cannot be judged as asked; nothing if it can.
std::optional<Error> unanswerable(const RecordedRun& run, const LeakReport& report,
                                  const leak::Question& question) {
  if (report.samples == 0) return std::nullopt;
  if (report.metrics.empty()) {
    return Error{Errc::not_found, visible(run.name),
                 "has no readings of " + std::string(name_of(*question.metric))};
  }
  if (report.has_asked_process) return std::nullopt;
  return Error{Errc::not_found, visible(run.name),
               "process " + std::to_string(*question.pid) +
                   " was not seen for 40 % of the time with 12 samples or more"};
}

}  // namespace

Result<LeakReport> read_leak(const RecordedRun& run, const leak::Question& question) {
  leak::LeakFold fold(question);
  if (auto done = read(run, fold); !done) return Failure(std::move(done.error()));
  auto report = fold.report();
  if (auto error = unanswerable(run, report, question)) return Failure(std::move(*error));
  return report;
}

std::vector<std::string> leak_details(const LeakReport& report) {
  const auto& judgement = report.deciding().judgement;
  std::vector<std::string> lines;
  if (judgement.verdict == Verdict::leak) lines.push_back(period_text(report));
  if (judgement.verdict != Verdict::unsure) lines.push_back(reason_text(judgement));
  if (judgement.verdict == Verdict::unsure && judgement.stretch) {
    lines.push_back(rate_text(judgement.rate) + " so far");
  }
  lines.push_back(calls_text(report.calls));
  lines.push_back(whose_text(report));
  lines.push_back(steps_text(report));
  if (report.limit) lines.push_back(limit_text(*report.limit));
  for (const auto& finding : report.findings) lines.push_back(finding_text(finding, report));
  if (report.replaced) lines.push_back(replaced_text(*report.replaced));
  for (auto& text : metric_lines(report)) lines.push_back(std::move(text));
  for (auto& text : weaknesses(report)) lines.push_back(std::move(text));
  std::erase(lines, "");
  return lines;
}

std::string leak_text(const RecordedRun& run, const LeakReport& report, Detail detail) {
  std::string text =
      run.name + "\t" + verdict_text(report.deciding().judgement, report.extent()) + "\n";
  for (const auto& line : leak_details(report)) text += "  " + line + "\n";
  text += losses_text(report.losses);
  if (detail == Detail::all) text += processes_text(report);
  return text;
}

std::string leak_json(const RecordedRun& run, const LeakReport& report) {
  const auto& judged = report.deciding();
  const auto* process = report.process();
  Json json;
  json["schema"] = 1;
  json["file"] = run.name;
  json["run"] = run.number;
  json["runs"] = run.runs.size();
  json["metric"] = name_of(judged.metric);
  json.update(verdict_fields(judged.judgement));
  json["pid"] = process ? Json(process->id.pid) : Json(nullptr);
  json["name"] = process ? Json(process->name) : Json(nullptr);
  json.update(evidence_fields(judged.judgement, report));
  json.update(call_fields(report.calls));
  json.update(tree_fields(report));
  json.update(context_fields(report));
  return to_text(json);
}

std::string leaks_markdown(const std::vector<JudgedRun>& runs) {
  std::string text = "| Recording | Verdict | Details |\n| --- | --- | --- |\n";
  for (const auto& [run, report] : runs) {
    std::string details;
    for (const auto& line : leak_details(report)) {
      details += (details.empty() ? "" : "<br>") + markdown_text(line);
    }
    text += "| " + markdown_text(run.name) + " | " +
            markdown_text(verdict_text(report.deciding().judgement, report.extent())) + " | " +
            details + " |\n";
  }
  return text;
}

}  // namespace mprofpp::report
