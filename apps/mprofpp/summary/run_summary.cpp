#include "summary/run_summary.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "console/shell_quote.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/wire/names.hpp"
#include "summary/line_messages.hpp"
#include "summary/missed_ticks.hpp"

namespace mprofpp::app {
namespace {

using Kind = SummaryLine::Kind;

SummaryLine figures_line(const record::Figures& figures, const record::Outcome& outcome) {
  const Bytes known = std::max(figures.peak, outcome.kernel_peak.value_or(Bytes{}));
  const Bytes best = std::max(known, outcome.largest_process);
  const bool is_sampled = readable(best) == readable(figures.peak);
  SummaryLine line{.strong = (best > known ? "peak at least " : "peak ") + readable(best),
                   .text = ""};
  if (!is_sampled) line.text += " (sampled " + readable(figures.peak);
  line.text += " at " + readable_moment(figures.peak_at);
  if (!is_sampled) line.text += ")";
  // a program shorter than an interval has only its first sample, and the last one repeats it
  if (outcome.duration < outcome.interval) return line;
  line.text += ", mean " + readable(figures.mean) + ", end " + readable(figures.last);
  return line;
}

std::string sampling(const record::Outcome& outcome, const record::Options& options) {
  std::string line = readable(outcome.duration) + ", ";
  line += counted(outcome.samples, "sample", "samples") + ", " + missed_text(outcome.missed_ticks);
  if (outcome.interval == options.interval) {
    line += pace_text(options.interval, outcome.ticks, outcome.missed_ticks);
  }
  return line + (options.descriptor ? ", written to " : ", in ") + visible(outcome.path);
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

std::string names_of(const std::vector<model::Metric>& metrics) {
  std::string text;
  for (const auto metric : metrics) {
    if (!text.empty()) text += ", ";
    text += name_of(metric);
  }
  return text;
}

/// Returns "pss, uss read every 1.2 s (3.1 ms each)". If only a few ticks had no reading, they count as
/// read at every sample.
std::string reading(const record::MetricGroupCost& costs, const record::Options& options) {
  const auto& cost = costs.cost;
  const auto names = names_of(costs.metrics);
  if (cost.rounds == 0) return names + " never read";
  const std::string took = " (" + readable(cost.each) + " each)";
  if (cost.rounds == 1) return names + " read once" + took;
  const bool at_all = cost.gap * 10 < options.interval * 11;
  return names + " read " + (at_all ? "at every sample" : "every " + readable(cost.gap)) + took;
}

/// Formats an amount in whole MiB, so that two amounts are easy to compare.
std::string whole_mib(Bytes amount) {
  return fixed(amount.mebibytes(), amount < Bytes::from_mebibytes(10) ? 1 : 0) + " MiB";
}

/// Returns the PSS of the tree next to its sum of RSS, which counts shared pages once per process.
std::string sharing(const record::Sharing& sharing) {
  return whole_mib(sharing.pss) + " PSS; sum of RSS " + whole_mib(sharing.rss_sum) + " (at " +
         readable_moment(sharing.at) + "; --backend pss counts shared pages once)";
}

/// Returns the reason why the PSS of the tree is not known.
std::string unknown_sharing(const record::UnknownSharing& unknown, Duration interval) {
  using Cause = record::UnknownSharing::Cause;
  const std::string beginning = "sum of RSS, with shared pages counted in each process; PSS ";
  switch (unknown.cause) {
    case Cause::refused:
      return beginning + "of another user's process needs root";
    case Cause::too_large:
      return beginning + "of one process takes about " + readable(unknown.takes) +
             " to read, too long for an interval of " + readable(interval) + " (use a larger -T)";
    case Cause::too_late:
      break;
  }
  return beginning +
         "could not be read in time near the peak (a reading of all processes takes about " +
         readable(unknown.takes) + ")";
}

/// Returns true if the children that MEM leaves out would have raised the peak by more than a tenth.
bool children_mattered(const record::Outcome& outcome) {
  return outcome.children_peak.count() * 10 > outcome.figures->peak.count();
}

/// Returns "python3.16 is newer than 3.15, the newest version mprofpp was tested with; …".
std::string newer_python(const std::string& version) {
  return "python" + version + " is newer than " + std::to_string(wire::newest_tested_python / 100) +
         "." + std::to_string(wire::newest_tested_python % 100) +
         ", the newest version mprofpp was tested with; marks may be wrong";
}

/// Returns an option after the program that was probably meant for mprofpp; empty if there is none. It
/// was passed to the program.
std::string misplaced_option(const std::vector<std::string>& argv) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto& argument = argv[i];
    const bool is_last = i + 1 == argv.size();
    const std::string next = is_last ? "" : argv[i + 1];
    if (argument == "--include-children" || argument == "--multiprocess") return argument;
    if ((argument == "-o" || argument == "--output") && next.ends_with(".dat")) return argument;
    const bool has_number = parse_number(next).has_value();
    if ((argument == "-T" || argument == "--interval") && has_number) return argument;
    if (is_last && (argument == "-C" || argument == "-M")) return argument;
  }
  return {};
}

/// Collects the lines in their order.
class SummaryWriter {
 public:
  SummaryWriter(const record::Outcome& outcome, const record::Options& options, Summary summary,
                const std::string& growth)
      : outcome_(outcome),
        options_(options),
        launch_(std::get_if<record::Launch>(&options.target)),
        summary_(summary),
        growth_(growth) {}

  std::vector<SummaryLine> lines() && {
    add_measurements();
    add_metric_costs();
    add_unseen();
    add_marks();
    add_objects();
    add_memory_left_out();
    add_processes();
    if (!growth_.empty()) note(growth_);
    add_next_step();
    return std::move(lines_);
  }

 private:
  void note(std::string text) { lines_.push_back({.kind = Kind::note, .text = std::move(text)}); }
  void warn(std::string text) {
    lines_.push_back({.kind = Kind::warning, .text = std::move(text)});
  }

  void add_measurements() {
    lines_.push_back(figures_line(*outcome_.figures, outcome_));
    if (outcome_.sharing) note(sharing(*outcome_.sharing));
    if (outcome_.unknown_sharing) {
      note(unknown_sharing(*outcome_.unknown_sharing, outcome_.interval));
    }
    note(sampling(outcome_, options_));
    if (outcome_.suspended > Duration::zero()) {
      note("suspended for " + readable(outcome_.suspended) + ": that time was not recorded");
    }
  }

  void add_metric_costs() {
    for (const auto& costs : outcome_.metric_costs) {
      const auto missing = names_of(costs.metrics) + " of some processes is missing: ";
      note(reading(costs, options_));
      if (costs.cost.too_much) {
        warn(missing + "a reading takes about " + readable(*costs.cost.too_much) +
             ", too long for an interval of " + readable(options_.interval) + " (use a larger -T)");
      }
      if (costs.cost.refused) warn(missing + "reading another user's process needs root");
    }
  }

  void add_unseen() {
    const bool do_report = launch_ != nullptr && options_.marks;
    if (outcome_.unseen_processes > 0 && (!do_report || summary_ == Summary::all)) {
      note("up to " + counted(outcome_.unseen_processes, "process", "processes") +
           " started and exited between two samples, perhaps not yours "
           "(a smaller -T catches more)");
    }
    if (outcome_.lost_marks > 0) {
      note(counted(outcome_.lost_marks, "mark", "marks") +
           " came too fast; their calls are missing (--no-trace leaves functions out)");
    }
  }

  void add_marks() {
    for (const auto& version : outcome_.newer_pythons) warn(newer_python(version));
    for (const auto& message : missing_messages(outcome_, options_.marks))
      note(message_of(message));
  }

  void add_objects() {
    if (!outcome_.objects) return;
    const auto& [censuses, lost, failure] = *outcome_.objects;
    if (censuses == 0 && lost == 0) {
      note(
          "no objects were counted: no Python process was there when it was time (a shorter "
          "--objects counts sooner)");
    }
    if (lost == 0 || !failure) return;
    const auto hint = failure->hint.empty() ? "" : " (" + failure->hint + ")";
    warn(counted(lost, "count", "counts") + " of objects failed: " + failure->place + " " +
         visible(failure->what) + hint);
  }

  void add_memory_left_out() {
    if (!sums(options_.children) && children_mattered(outcome_)) {
      note("children are not included: +" + readable(outcome_.children_peak) +
           " (add them with -C)");
    }
    if (outcome_.end == model::EndReason::timed_out) note("timeout reached");
    if (outcome_.refused) {
      warn("the memory of some processes is missing: reading " +
           std::string(name_of(options_.metric)) +
           " of another user's process needs root (--backend rss does not)");
    }
  }

  void add_processes() {
    if (launch_ == nullptr) {
      if (outcome_.end != model::EndReason::ended) return;
      note("the process exited after " + readable(outcome_.duration));
      return;
    }
    if (!outcome_.survivors.empty()) {
      note("still running, and left alone: " + names_of(outcome_.survivors));
    }
    const auto option = misplaced_option(launch_->program.argv);
    if (option.empty()) return;
    note(option + " was passed to the program; mprofpp's own options go before the program");
  }

  void add_next_step() {
    std::error_code ignored;  // a pipe or /dev/null cannot be read again
    if (!std::filesystem::is_regular_file(outcome_.path, ignored)) return;
    const auto text = "next: mprofpp plot " + quoted_for_shell(outcome_.path);
    lines_.push_back({.kind = Kind::next_step, .text = text});
  }

  const record::Outcome& outcome_;
  const record::Options& options_;
  const record::Launch* launch_;  // null if it was attached
  Summary summary_;
  const std::string& growth_;
  std::vector<SummaryLine> lines_;
};

}  // namespace

Error no_samples(const record::Outcome& outcome, const record::Options& options) {
  if (outcome.refused) {
    return {Errc::denied, outcome.path,
            "has no samples: reading " + std::string(name_of(options.metric)) +
                " of another user's process needs root",
            "--backend rss does not"};
  }
  if (outcome.end == model::EndReason::ended) {
    return {Errc::vanished, outcome.path,
            "has no samples: the process exited before its memory could be read"};
  }
  return {Errc::io, outcome.path, "has no samples: the memory of the process could not be read"};
}

std::vector<SummaryLine> run_summary(const record::Outcome& outcome, const record::Options& options,
                                     Summary summary, const std::string& growth) {
  return SummaryWriter(outcome, options, summary, growth).lines();
}

void print(const std::vector<SummaryLine>& lines, const Console& console) {
  for (const auto& line : lines) {
    switch (line.kind) {
      case Kind::note:
        console.note(line.strong.empty() ? line.text : console.strong(line.strong) + line.text);
        break;
      case Kind::warning:
        console.warn(line.text);
        break;
      case Kind::next_step:
        console.note(console.faint(line.text));
        break;
    }
  }
}

}  // namespace mprofpp::app
