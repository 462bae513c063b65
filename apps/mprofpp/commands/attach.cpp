#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "command.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/surroundings.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/find.hpp"
#include "mprofpp/record/session.hpp"
#include "recording_options.hpp"
#include "run_summary.hpp"

namespace mprofpp::app {
namespace {

using proc::Candidate;

using Found = Result<std::vector<std::vector<Candidate>>>;

constexpr Duration between_looks = std::chrono::milliseconds(20);
/// A look reads a file of every process of the machine: waiting takes a tenth of a CPU at most.
constexpr int rests_per_look = 9;

Result<std::vector<Candidate>> find(const std::string& operand) {
  const auto pid = parse_integer<pid_t>(operand);
  return pid ? proc::find_by_pid(*pid) : proc::find_by_name(operand);
}

/// For each operand, at the same moment.
Found find_all(const std::vector<std::string>& operands) {
  std::vector<std::vector<Candidate>> all;
  for (const auto& operand : operands) {
    auto found = find(operand);
    if (!found) return Failure(std::move(found.error()));
    all.push_back(std::move(*found));
  }
  return all;
}

bool is_missing(const std::vector<Candidate>& candidates) {
  return candidates.empty();
}

/// Looks again and again until there is a process for each. Ctrl-C ends it as it ends any program.
Found wait_for_all(const std::vector<std::string>& operands) {
  using Steady = std::chrono::steady_clock;
  proc::NewestPid newest;
  pid_t looked_at = 0;
  while (true) {
    const auto now = newest.read().value_or(0);
    // where nobody was born since the last look a name may still come by an exec
    const bool is_urgent = now != std::exchange(looked_at, now);
    const auto begin = Steady::now();
    auto found = find_all(operands);
    if (!found || std::none_of(found->begin(), found->end(), is_missing)) return found;
    const Duration rest = (Steady::now() - begin) * rests_per_look;
    std::this_thread::sleep_for(is_urgent ? rest : std::max(rest, between_looks));
  }
}

class AttachCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Records processes that run already, until they end or Ctrl-C. They are only looked at:\n"
        "nothing is stopped, traced or changed, and no rights are needed beyond being their user.\n"
        "The total of several is their sum.");
    app.add_option("target", operands_, "pids or names")->type_name("PID|NAME …");
    recording_.bind(app);
    app.add_flag("--wait", wait_, "if there is no such process, wait for it");
    app.footer(
        "examples:\n"
        "  mprofpp attach -C -M postgres\n"
        "  mprofpp attach -t 60 1234 1240\n"
        "  mprofpp attach --wait -o job.dat nightly.py\n"
        "\n"
        "A name is that of the program; if no program is called so, any whose name contains it.\n"
        "Of a process and its descendants the first is meant; of several others none is, they are\n"
        "listed. Marks of functions come only from programs that mprofpp run has started.\n"
        "exit status: 0 when the target ended, on Ctrl-C, and when the time was up; 1 when there is none,\n"
        "or when its memory could not be read even once.");
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
    auto pids = find_targets(console);
    if (pids.empty()) return exit_status::failure;

    options->target = record::Attach{std::move(pids)};
    const auto outcome = record::record(*options);
    if (!outcome) return refuse(console, outcome.error().error, exit_status::failure);
    if (!outcome->figures)
      console.report(no_samples(*outcome, *options));
    else if (!recording_.quiet())
      print_run_summary(*outcome, *options, console);
    const bool is_useful = outcome->figures && !outcome->stopped;
    return is_useful ? exit_status::success : exit_status::failure;
  }

 private:
  static int refuse(const Console& console, const Error& error, int status) {
    console.report(error);
    return status;
  }

  /// One process for each operand; none at all, and why is said, when one of them is not clear.
  std::vector<pid_t> find_targets(const Console& console) const {
    std::vector<pid_t> pids;
    const auto all = wait_ ? wait_for_all(operands_) : find_all(operands_);
    if (!all) {
      console.report(all.error());
      return {};
    }
    for (std::size_t i = 0; i < all->size(); ++i) {
      const auto& operand = operands_[i];
      const auto& found = (*all)[i];
      if (found.size() != 1) {
        report_unclear(operand, found, console);
        return {};
      }
      if (found[0].pid == ::getpid()) {
        console.report(
            {Errc::invalid_argument, operand, "is mprofpp itself", "it would never end"});
        return {};
      }
      if (std::find(pids.begin(), pids.end(), found[0].pid) != pids.end()) continue;
      if (!recording_.quiet()) {
        console.say("recording " + visible(found[0].name) + " " + std::to_string(found[0].pid));
      }
      pids.push_back(found[0].pid);
    }
    return pids;
  }

  static void report_unclear(const std::string& operand, const std::vector<Candidate>& found,
                             const Console& console) {
    if (found.empty()) {
      console.report({Errc::not_found, operand, "no such process",
                      proc::are_others_hidden()
                          ? "/proc hides other users' processes here (hidepid): root sees them"
                          : "--wait waits for it"});
      return;
    }
    console.report({Errc::invalid_argument, operand,
                    "is the name of " + std::to_string(found.size()) + " processes",
                    "give the pid of one, or of several"});
    for (const auto& candidate : found) {
      console.say("  " + std::to_string(candidate.pid) + "  " + visible(candidate.command));
    }
  }

  std::vector<std::string> operands_;
  RecordingOptions recording_;
  bool wait_ = false;
};

}  // namespace

std::unique_ptr<Command> make_attach_command() {
  return std::make_unique<AttachCommand>();
}

}  // namespace mprofpp::app
