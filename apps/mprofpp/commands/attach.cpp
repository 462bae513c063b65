#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "inspection/attached_marks.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/launch/start_state.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/find.hpp"
#include "mprofpp/record/session/session.hpp"
#include "options/marking_options.hpp"
#include "options/process_operand.hpp"
#include "options/recording_options.hpp"
#include "summary/run_summary.hpp"

namespace mprofpp::app {
namespace {

using proc::Candidate;

using Found = Result<std::vector<std::vector<Candidate>>>;

constexpr Duration between_looks = std::chrono::milliseconds(20);
/// A look reads a file of every process of the machine, so it is followed by a rest nine times as long:
/// waiting takes at most a tenth of a CPU.
constexpr int rests_per_look = 9;

/// Returns the processes that match each operand at this moment.
Found find_all(const std::vector<std::string>& operands) {
  std::vector<std::vector<Candidate>> all;
  for (const auto& operand : operands) {
    auto found = find_processes(operand);
    if (!found) return Failure(std::move(found.error()));
    all.push_back(std::move(*found));
  }
  return all;
}

bool is_alive(const Candidate& candidate) {
  return proc::is_alive(candidate.pid);
}

/// Returns true if each operand matched a process, and those that were found first still run.
bool are_all_alive(const std::vector<std::vector<Candidate>>& found) {
  return std::all_of(found.begin(), found.end(), [](const auto& candidates) {
    return !candidates.empty() && std::all_of(candidates.begin(), candidates.end(), is_alive);
  });
}

/// Looks for the processes repeatedly until each operand matches one and all run at the same time. Ctrl-C
/// interrupts it.
Found wait_for_all(const std::vector<std::string>& operands) {
  using Steady = std::chrono::steady_clock;
  proc::NewestPid newest;
  pid_t looked_at = 0;
  while (true) {
    const auto now = newest.read().value_or(0);
    // even without a new process since the last look, exec may give a process the name
    const bool is_urgent = now != std::exchange(looked_at, now);
    const auto begin = Steady::now();
    auto found = find_all(operands);
    if (!found || are_all_alive(*found)) return found;
    const Duration rest = (Steady::now() - begin) * rests_per_look;
    std::this_thread::sleep_for(is_urgent ? rest : std::max(rest, between_looks));
  }
}

/// Returns how to stop the recording if SIGINT is ignored, as it is in the background of a shell without
/// job control; empty if Ctrl-C stops it.
std::string stop_hint() {
  if (!launch::is_ignored(SIGINT)) return "";
  return "; SIGINT is ignored here, kill " + std::to_string(::getpid()) + " stops the recording";
}

/// Also prints notes on the processes when they are being recorded.
class AttachListener : public RecordingListener {
 public:
  AttachListener(const RecordingListener& listener, std::vector<std::string> notes,
                 const Console& console)
      : RecordingListener(listener), notes_(std::move(notes)), console_(console) {}

  /// Functions of these processes are to be marked.
  void mark(std::vector<pid_t> pids) { marked_ = std::move(pids); }
  /// Removes from the programs what marks need.
  void end_marks() {
    for (const auto& error : marks_.end()) console_.report(error);
  }

  void attached(const std::vector<std::string>& marks) override {
    for (const auto& note : notes_) console_.note(note);
    for (const pid_t pid : marked_) {
      const auto begun = marks_.begin(pid, marks);
      if (begun) continue;
      console_.report(begun.error());
      console_.note("its memory is recorded, but no functions");
    }
  }

 private:
  std::vector<std::string> notes_;
  const Console& console_;
  std::vector<pid_t> marked_;
  AttachedMarks marks_;
};

class AttachCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Records processes that are already running, until they exit or you press Ctrl-C.\n"
        "They are only observed: nothing is stopped, traced or modified, and you only need\n"
        "to own them. The total of several processes is their sum. Only with --trace or\n"
        "--lines-of, Python programs are entered, and left as they were.");
    app.add_option("target", operands_, "pids or names")->type_name("PID|NAME …");
    recording_.bind(app, Recorded::running_processes);
    marking_.bind_for_attach(app);
    app.add_flag("--wait", wait_, "wait for processes that do not exist yet");
    app.footer(
        "examples:\n"
        "  mprofpp attach -C -M postgres\n"
        "  mprofpp attach -t 60 1234 1240\n"
        "  mprofpp attach --wait -o job.dat nightly.py\n"
        "  mprofpp attach -t 60 --trace 'service.*' 1234\n"
        "  mprofpp attach -t 60 -o - 1234 | mprofpp peak -\n"
        "\n"
        "NAME is the name of a program, or of the script that python3, node, sh or\n"
        "another interpreter runs. If nothing has that name, it matches programs whose\n"
        "name contains it; a script needs its whole name. If a process and its descendants\n"
        "match, the ancestor is recorded; if unrelated processes match, they are listed\n"
        "and nothing is recorded.\n"
        "\n"
        "--trace and --lines-of mark functions of running CPython programs, 3.8 and later,\n"
        "which are stopped for some milliseconds to load a library. Functions that were\n"
        "called before are not seen, and at the end nothing acts in the program any more.\n"
        "mprofpp mark -p PID and mprofpp span -p PID also work with attach.\n"
        "\n"
        "exit status:\n"
        "  0  the processes exited, --timeout was reached or you pressed Ctrl-C\n"
        "  1  there is no such process, or it could not be recorded\n"
        "  2  wrong usage");
  }

  int run(const Console& console) override {
    launch::raise_descriptor_limit();
    if (operands_.empty()) {
      console.report({Errc::invalid_argument, "attach", "no process to record",
                      "mprofpp attach [OPTIONS] PID|NAME"});
      return exit_status::usage;
    }
    auto options = recording_.make(console);
    if (!options) return refuse(console, options.error(), exit_status::usage);
    const auto own_proc = proc::check_own_proc();
    if (!own_proc) return refuse(console, own_proc.error(), exit_status::failure);
    const auto log = recording_.open_log();
    if (!log) return refuse(console, log.error(), exit_status::failure);
    auto marks = marking_.make(recording_.output());
    if (!marks) return refuse(console, marks.error(), exit_status::usage);
    options->marks = std::move(*marks);
    while (true) {
      const auto targets = find_targets(console);
      if (targets.empty()) return exit_status::failure;
      options->target = record::Attach{pids_of(targets)};
      LeakWatch watch;
      const auto outcome = record_targets(*options, targets, watch, console);
      if (outcome) return finish(*outcome, *options, watch, console);
      // with --wait, a process that exits at this moment is one more that did not stay
      const bool look_again = wait_ && outcome.error().error.code == Errc::vanished;
      if (look_again) continue;
      return refuse(console, recording_.explain(outcome.error()), exit_status::failure);
    }
  }

 private:
  tl::expected<record::Outcome, record::NotRecorded> record_targets(
      const record::Options& options, const std::vector<Candidate>& targets, LeakWatch& watch,
      const Console& console) const {
    AttachListener listener(recording_.listener(console, watch), notes_on(targets), console);
    if (marking_.marks_running_programs()) listener.mark(pids_of(targets));
    auto outcome = record::record(options, listener, recording_.sinks(watch));
    listener.end_marks();
    return outcome;
  }

  int finish(const record::Outcome& outcome, const record::Options& options, LeakWatch& watch,
             const Console& console) const {
    if (!outcome.figures)
      console.report(no_samples(outcome, options));
    else if (!recording_.quiet())
      print(run_summary(outcome, options, recording_.summary(), recording_.growth(outcome, watch)),
            console);
    const bool is_useful = outcome.figures && !outcome.stopped;
    return is_useful ? exit_status::success : exit_status::failure;
  }

  /// Returns one process for each operand. If an operand does not match exactly one process, reports that
  /// and returns none.
  std::vector<Candidate> find_targets(const Console& console) const {
    std::vector<Candidate> targets;
    const auto all = wait_ ? wait_for_all(operands_) : find_all(operands_);
    if (!all) {
      console.report(all.error());
      return {};
    }
    for (std::size_t i = 0; i < all->size(); ++i) {
      const auto& operand = operands_[i];
      const auto& found = (*all)[i];
      if (found.size() != 1) {
        report_unclear(operand, found, "--wait waits for it", console);
        return {};
      }
      if (found[0].pid == ::getpid()) {
        console.report(
            {Errc::invalid_argument, operand, "is mprofpp itself", "recording it would never end"});
        return {};
      }
      const auto is_it = [&](const Candidate& target) { return target.pid == found[0].pid; };
      if (std::none_of(targets.begin(), targets.end(), is_it)) targets.push_back(found[0]);
    }
    return targets;
  }

  static std::vector<pid_t> pids_of(const std::vector<Candidate>& targets) {
    std::vector<pid_t> pids;
    for (const auto& target : targets) pids.push_back(target.pid);
    return pids;
  }

  /// Returns the notes on the processes that are recorded; none with --quiet.
  std::vector<std::string> notes_on(const std::vector<Candidate>& targets) const {
    std::vector<std::string> notes;
    if (recording_.quiet()) return notes;
    for (const auto& target : targets) {
      notes.push_back("recording " + visible(target.name) + " " + std::to_string(target.pid) +
                      stop_hint());
    }
    return notes;
  }

  std::vector<std::string> operands_;
  RecordingOptions recording_;
  MarkingOptions marking_;
  bool wait_ = false;
};

}  // namespace

std::unique_ptr<Command> make_attach_command() {
  return std::make_unique<AttachCommand>();
}

}  // namespace mprofpp::app
