#include "run_summary.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "missed_ticks.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/wire/names.hpp"
#include "unmarked_words.hpp"

namespace mprofpp::app {
namespace {

std::string counted(std::uint64_t n, const std::string& one, const std::string& many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string figures_line(const record::Figures& figures, const record::Outcome& outcome,
                         const Console& console) {
  const Bytes known = std::max(figures.peak, outcome.kernel_peak.value_or(Bytes{}));
  const Bytes best = std::max(known, outcome.largest_process);
  const bool seen = readable(best) == readable(figures.peak);
  std::string line = console.strong((best > known ? "peak at least " : "peak ") + readable(best));
  if (!seen) line += " (sampled " + readable(figures.peak);
  line += " at " + readable_moment(figures.peak_at);
  if (!seen) line += ")";
  line += ", mean " + readable(figures.mean) + ", end " + readable(figures.last);
  return line;
}

std::string sampling(const record::Outcome& outcome, const record::Options& options) {
  std::string line = readable(outcome.duration) + ", ";
  line += counted(outcome.samples, "sample", "samples") + ", " + missed_text(outcome.missed_ticks);
  if (outcome.interval == options.interval) {
    line += pace_text(options.interval, outcome.ticks, outcome.missed_ticks);
  }
  return line + ", in " + visible(outcome.path);
}

std::string names_of(const std::vector<record::Survivor>& survivors) {
  constexpr std::size_t shown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, survivors.size()); ++i) {
    if (i > 0) text += ", ";
    text += visible(survivors[i].name) + " " + std::to_string(survivors[i].pid);
  }
  if (survivors.size() > shown)
    text += " and " + std::to_string(survivors.size() - shown) + " more";
  return text;
}

std::string names_of(const std::vector<proc::Metric>& metrics) {
  std::string text;
  for (const auto metric : metrics) {
    if (!text.empty()) text += ", ";
    text += name_of(metric);
  }
  return text;
}

/// "pss, uss read every 1.2 s (3.1 ms each)". An occasional tick without them does not count.
std::string reading(const record::MetricCost& costs, const record::Options& options) {
  const auto& cost = costs.cost;
  const auto names = names_of(costs.metrics);
  if (cost.rounds == 0) return names + " never read";
  const std::string took = " (" + readable(cost.each) + " each)";
  if (cost.rounds == 1) return names + " read once" + took;
  const bool at_all = cost.gap * 10 < options.interval * 11;
  return names + " read " + (at_all ? "at every sample" : "every " + readable(cost.gap)) + took;
}

void print_metric_costs(const record::Outcome& outcome, const record::Options& options,
                        const Console& console) {
  for (const auto& costs : outcome.metric_costs) {
    console.say(reading(costs, options));
    if (costs.cost.too_much) {
      console.warn(names_of(costs.metrics) +
                   " of some processes is missing: a reading takes about " +
                   readable(*costs.cost.too_much) + ", too long for an interval of " +
                   readable(options.interval) + " (-T makes it longer)");
    }
    if (costs.cost.refused) {
      console.warn(
          names_of(costs.metrics) +
          " of some processes could not be read and is missing: " + "another user's takes root");
    }
  }
}

/// Whole MiB, so that the two compare at a glance.
std::string whole_mib(Bytes amount) {
  return fixed(amount.mebibytes(), amount < Bytes::from_mebibytes(10) ? 1 : 0) + " MiB";
}

/// How much the sum of RSS counts more than once.
std::string sharing(const record::Sharing& sharing) {
  return whole_mib(sharing.pss) + " PSS; sum of RSS " + whole_mib(sharing.rss_sum) + " (at " +
         readable_moment(sharing.at) + "; --backend pss counts shared pages once)";
}

/// It was read near the peak: what a wrapper shared with its program at the start tells nothing of what the
/// program had in the end.
bool tells_of_peak(const record::Sharing& sharing, const record::Outcome& outcome) {
  return sharing.rss_sum.count() * 10 > outcome.figures->peak.count() * 9;
}

/// Children count as having mattered when they would have raised the peak by a tenth.
bool children_mattered(const record::Outcome& outcome) {
  return outcome.children_peak.count() * 10 > outcome.figures->peak.count();
}

bool is_number(const std::string& word) {
  return parse_number(word).has_value();
}

/// "python3.16 is newer than 3.15, the newest that mprofpp was tested with; ..."
std::string newer_python(const std::string& version) {
  return "python" + version + " is newer than " + std::to_string(wire::newest_tested_python / 100) +
         "." + std::to_string(wire::newest_tested_python % 100) +
         ", the newest that mprofpp was tested with; marks may be wrong";
}

/// Our own options behind the program went to the program; these few are likely to have been meant
/// for us.
std::string misplaced_option(const std::vector<std::string>& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    const bool last = i + 1 == words.size();
    const std::string next = last ? "" : words[i + 1];
    if (word == "--include-children" || word == "--multiprocess") return word;
    if ((word == "-o" || word == "--output") && next.ends_with(".dat")) return word;
    if ((word == "-T" || word == "--interval") && is_number(next)) return word;
    if (last && (word == "-C" || word == "-M")) return word;
  }
  return {};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// For $'…', which bash, zsh and ksh understand.
std::string escaped_for_dollars(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (is_control(c)) {
      escaped += visible(std::string(1, c));
    } else {
      if (c == '\'' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

/// A path as a shell takes it back, on one line.
std::string for_shell(const std::string& path) {
  const bool plain = path.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_-./+=:,@%") == std::string::npos;
  if (plain && !path.empty() && path[0] != '-') return path;
  const bool in_dollars = std::any_of(path.begin(), path.end(), is_control);
  if (in_dollars) return "$'" + escaped_for_dollars(path) + "'";
  std::string quoted = path[0] == '-' ? "./'" : "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

Error no_samples(const record::Outcome& outcome, const record::Options& options) {
  if (outcome.refused) {
    return {Errc::denied, outcome.path,
            "has no sample: " + std::string(name_of(options.metric)) +
                " of another user's process takes root",
            "--backend rss does not"};
  }
  if (outcome.end == record::End::ended) {
    return {Errc::vanished, outcome.path,
            "has no sample: the process ended before its memory could be read"};
  }
  return {Errc::io, outcome.path, "has no sample: the memory of the process could not be read"};
}

void print_run_summary(const record::Outcome& outcome, const record::Options& options,
                       const Console& console) {
  console.say(figures_line(*outcome.figures, outcome, console));
  if (outcome.sharing && tells_of_peak(*outcome.sharing, outcome)) {
    console.say(sharing(*outcome.sharing));
  }
  console.say(sampling(outcome, options));
  if (outcome.suspended > Duration::zero()) {
    console.say("suspended for " + readable(outcome.suspended) + ": of that time nothing is known");
  }
  print_metric_costs(outcome, options, console);
  if (outcome.unseen_processes > 0) {
    console.say("up to " + counted(outcome.unseen_processes, "process", "processes") +
                " came and went between samples, others' included (-T makes them closer)");
  }
  if (outcome.lost_marks > 0) {
    console.say(counted(outcome.lost_marks, "mark", "marks") +
                " came too fast; their calls are missing (--trace and --no-trace tell of fewer)");
  }
  for (const auto& version : outcome.newer_pythons) console.warn(newer_python(version));
  if (outcome.unmarked) console.report(words_of(*outcome.unmarked));
  if (options.children == record::Children::left_out && children_mattered(outcome)) {
    console.say("children not included: +" + readable(outcome.children_peak) +
                " in children, use -C");
  }
  if (outcome.end == record::End::timed_out) console.say("the time was up");
  if (outcome.refused) {
    console.warn("the memory of some processes could not be read and is missing: " +
                 std::string(name_of(options.metric)) +
                 " of another user's takes root, rss does not");
  }
  const auto* launch = std::get_if<record::Launch>(&options.target);
  if (launch == nullptr && outcome.end == record::End::ended) {
    console.say("the target ended after " + readable(outcome.duration));
  }
  if (launch != nullptr && !outcome.survivors.empty()) {
    console.say("still running, and left alone: " + names_of(outcome.survivors));
  }
  const auto option = launch == nullptr ? std::string() : misplaced_option(launch->program.words);
  if (!option.empty()) {
    console.say(option + " came behind the program and went to it; mprofpp's options come before");
  }
  std::error_code ignored;  // a pipe or /dev/null cannot be read back
  if (!std::filesystem::is_regular_file(outcome.path, ignored)) return;
  console.say(console.faint("next: mprofpp plot " + for_shell(outcome.path)));
}

}  // namespace mprofpp::app
