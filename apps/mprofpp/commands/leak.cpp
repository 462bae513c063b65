#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/hints.hpp"
#include "cli/verdict_status.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/report/leaks.hpp"
#include "options/recording_argument.hpp"
#include "options/time_window.hpp"

namespace mprofpp::app {
namespace {

using leak::Question;
using leak::Verdict;
using report::JudgedRun;
using report::RecordedRun;

/// Returns the worse of two statuses: trouble, a leak, not enough to tell, steady.
int worse(int left, int right) {
  constexpr std::array best_first = {exit_status::steady, exit_status::not_enough_to_tell,
                                     exit_status::leak, exit_status::usage};
  const auto rank = [&](int status) {
    return std::find(best_first.begin(), best_first.end(), status) - best_first.begin();
  };
  return rank(left) >= rank(right) ? left : right;
}

/// Parses a size that must be more than nothing, in MiB.
Result<double> parse_positive_size(const std::string& option, const std::string& text) {
  auto size = parse_size(text);
  if (!size) {
    size.error().place = option + " " + text;
    return Failure(std::move(size.error()));
  }
  if (size->count() > 0) return size->mebibytes();
  return fail(Errc::invalid_argument, option + " " + text, "must be more than 0",
              option + " 64KiB");
}

class LeakCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Finds out whether recordings leak memory, how fast, in which process and in\n"
        "which function. Judges the newest recording in this folder if you name none.\n"
        "FILE is a recording, an index from mprofpp list (0 is the oldest, -1 the newest)\n"
        "or - for stdin.");
    app.add_option("file", files_, "recordings, indices, or - for stdin")->type_name("[FILE …]");
    app.add_option("-w,--window", window_,
                   "judge only this time window, counted from the start:\n"
                   "10m,2h")
        ->type_name("FROM,TO");
    app.add_option("--from", from_, "start the window at TIME")->type_name("TIME");
    app.add_option("--to", to_, "end the window at TIME")->type_name("TIME");
    app.add_option("--pid", pid_, "judge only process PID")->type_name("PID");
    app.add_option("--metric", metric_,
                   "judge by this metric only (default: the first that was\n"
                   "recorded of anon, uss, pss and rss)")
        ->type_name("METRIC");
    app.add_option("--min", min_, "the least growth that counts (default: 64KiB)")
        ->type_name("SIZE");
    app.add_option("--limit", limit_,
                   "print when a leak reaches SIZE (default: a limit in the\n"
                   "recording, else the memory of the machine)")
        ->type_name("SIZE");
    app.add_option("--run", run_,
                   "judge the N-th run of a file with several runs\n"
                   "(default: the last)")
        ->type_name("N");
    app.add_flag("-v,--verbose", verbose_, "also print the verdict on every process");
    app.add_flag("--json", json_, "print JSON, one object per line");
    app.add_flag("--markdown", markdown_, "print a table of Markdown");
    app.footer(
        "verdicts:\n"
        "  leak                memory is kept at a rate above zero to the end, with no\n"
        "                      sign of levelling off\n"
        "  steady              nothing is kept on and on; a smaller leak than the one it\n"
        "                      prints would not show; steady so far if the recording is\n"
        "                      so short that a growth by a quarter would not show\n"
        "  not enough to tell  why, and how long to record in all\n"
        "\n"
        "What counts is the floor: the least memory in each stretch of time. Peaks and\n"
        "memory that is given back later are not kept. Intervals hold the true rate in\n"
        "95 of 100 recordings. leak.md explains the method and its limits.\n"
        "\n"
        "examples:\n"
        "  mprofpp leak\n"
        "  mprofpp leak --from 10m server.dat    without the first ten minutes\n"
        "  mprofpp leak --limit 512MiB server.dat\n"
        "  mprofpp leak --json *.dat | jq -r 'select(.verdict == \"leak\").file'\n"
        "\n"
        "exit status, the worst of several recordings:\n"
        "  0  steady, also if a growth by a quarter would not show\n"
        "  1  leak\n"
        "  3  not enough to tell\n"
        "  2  wrong usage, or a recording that cannot be read");
  }

  int run(const Console& console) override {
    const auto number = parse_run_number(run_);
    if (!number) return refuse(console, number.error());
    const auto window = parse_window_options({window_, from_, to_});
    if (!window) return refuse(console, window.error());
    const auto question = make_question();
    if (!question) return refuse(console, question.error());

    int status = exit_status::steady;
    std::vector<JudgedRun> judged;
    for (const auto& chosen : choose_recordings(files_, *number, console)) {
      auto run = chosen ? judge(*chosen, *window, *question, console) : Failure(chosen.error());
      if (!run) {
        console.report(run.error());
        status = exit_status::usage;
        continue;
      }
      status = worse(status, status_of(run->report.verdict()));
      if (markdown_)
        judged.push_back(std::move(*run));
      else
        console.print(text_of(*run));
    }
    if (!judged.empty()) console.print(report::leaks_markdown(judged));
    // main() reports what could not be printed
    return console.printed() ? status : exit_status::usage;
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::usage;
  }

  Result<Question> make_question() const {
    Question question;
    if (json_ && markdown_) {
      return fail(Errc::invalid_argument, "--json", "cannot be combined with --markdown",
                  "choose one of them");
    }
    if (!metric_.empty()) {
      question.metric = model::metric_of(metric_);
      if (!question.metric || !leak::can_judge_by(*question.metric)) {
        return fail(Errc::invalid_argument, "--metric " + metric_,
                    question.metric ? "cannot be judged" : "is not a metric",
                    "use rss, pss, uss or anon");
      }
    }
    if (!pid_.empty()) {
      const auto pid = parse_recorded_pid(pid_);
      if (!pid) return Failure(pid.error());
      question.pid = *pid;
    }
    if (!min_.empty()) {
      const auto least = parse_positive_size("--min", min_);
      if (!least) return Failure(least.error());
      question.least_growth = *least;
    }
    if (!limit_.empty()) {
      const auto limit = parse_positive_size("--limit", limit_);
      if (!limit) return Failure(limit.error());
      question.limit_mib = *limit;
    }
    return question;
  }

  Result<JudgedRun> judge(const RecordedRun& run, const report::TimeWindow& times,
                          Question question, const Console& console) const {
    const auto window = report::window_in(run, times);
    if (!window) return Failure(with_hint(Task::read_recording, window.error()));
    question.window = *window;
    auto judged = report::read_leak(run, question);
    if (!judged) {
      const bool is_question =
          judged.error().code == Errc::not_found && (question.pid || question.metric);
      return Failure(is_question ? with_question_hint(std::move(judged.error()))
                                 : with_hint(Task::read_recording, judged.error()));
    }
    if (judged->first_damage) {
      console.warn(report::damage_text(run, judged->damaged_lines, *judged->first_damage));
    }
    if (judged->samples == 0) return Failure(without_samples(run, *window));
    return JudgedRun{run, std::move(*judged)};
  }

  Error with_question_hint(Error error) const {
    error.hint = metric_.empty() ? "mprofpp leak -v FILE shows the processes that can be judged"
                                 : "mprofpp run --metrics " + metric_ + " records it";
    return error;
  }

  static Error without_samples(const RecordedRun& run, const analysis::Window& window) {
    if (window.is_whole()) return report::no_samples(run);
    const auto range = report::time_range(run);
    return range ? report::no_samples_in_window(run, *range) : range.error();
  }

  std::string text_of(const JudgedRun& judged) const {
    if (json_) return report::leak_json(judged.run, judged.report);
    const auto detail = verbose_ ? report::Detail::all : report::Detail::peaks;
    return report::leak_text(judged.run, judged.report, detail);
  }

  std::vector<std::string> files_;
  std::string window_, from_, to_, pid_, metric_, min_, limit_, run_;
  bool verbose_ = false;
  bool json_ = false;
  bool markdown_ = false;
};

}  // namespace

std::unique_ptr<Command> make_leak_command() {
  return std::make_unique<LeakCommand>();
}

}  // namespace mprofpp::app
