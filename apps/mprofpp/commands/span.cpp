#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "cli/command.hpp"
#include "cli/layout.hpp"
#include "marks/enclosing_span.hpp"
#include "marks/marker.hpp"
#include "marks/run_lookup.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/launch/target.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::app {
namespace {

/// Waits for the command and returns its status. Passes on signals that were sent to mprofpp alone, as
/// `run` does.
int wait_for(pid_t pid, launch::SignalInbox& inbox) {
  while (true) {
    pollfd waiting{inbox.fd(), POLLIN, 0};
    ::poll(&waiting, 1, -1);
    for (const auto& signal : inbox.take()) {
      const bool is_ours_alone = signal.sender == launch::Signal::Sender::process;
      if (signal.number != SIGCHLD && is_ours_alone) ::kill(pid, signal.number);
    }
    while (const auto ended = launch::next_ended()) {
      const auto end = launch::reap(*ended);
      if (end.pid == pid) return end.status;
    }
  }
}

class SpanCommand : public Command {
 public:
  Operands operands() const override { return Operands::program; }
  std::string program_usage() const override { return "NAME -- COMMAND [ARGUMENT …]"; }
  int usage_status() const override { return exit_status::recorder_failed; }
  void set_program(Arguments arguments) override { command_ = std::move(arguments); }

  void bind(CLI::App& app) override {
    app.description(
        "Runs COMMAND and records the time it takes as a span called NAME. Spans may be\n"
        "nested. If nothing is being recorded, it only runs COMMAND.");
    app.add_option("-p,--pid", pid_text_,
                   "a process that run or attach is recording (default:\n"
                   "the process that calls mprofpp)")
        ->type_name("PID");
    app.footer(
        "examples:\n"
        "  mprofpp span \"load tables\" -- psql -f tables.sql\n"
        "  mprofpp span -p 1234 benchmark -- ab -n 1000 http://localhost:8000/\n"
        "  mprofpp run -C sh -c 'mprofpp span sort -- sort a > b; mprofpp span zip -- gzip b'\n"
        "\n"
        "exit status:\n"
        "  that of the command, or 128+n if signal n terminated it\n"
        "  125  mprofpp itself failed, or its usage was wrong\n"
        "  126  the command cannot be executed\n"
        "  127  the command was not found");
  }

  int run(const Console& console) override {
    auto start_state = launch::read_start_state();
    if (!split_arguments()) {
      console.report({Errc::invalid_argument, "span", "needs a name and a command",
                      "mprofpp span NAME -- COMMAND"});
      return exit_status::recorder_failed;
    }
    const auto pid = parse_pid(pid_text_);
    if (!pid) return fail_with(console, pid.error());
    pid_ = *pid;
    auto inbox = launch::SignalInbox::open();
    if (!inbox) return fail_with(console, inbox.error());
    auto marker = open_marker(console);
    const auto outer = outer_span().value_or(EnclosingSpan{lane_, 0});
    std::uint64_t call = 0;
    if (marker) {
      call = marker->enter(name_, outer.call);
      start_state.environment.set(wire::span_variable, text_of({lane_, call}));
    }
    const int status = run_command(start_state, *inbox, console);
    if (marker) marker->leave(call);
    return status;
  }

 private:
  static int fail_with(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::recorder_failed;
  }

  /// Splits the arguments into NAME, an optional `--` and the command. Returns false if one is missing.
  bool split_arguments() {
    if (command_.empty()) return false;
    name_ = command_.front();
    command_.erase(command_.begin());
    if (!command_.empty() && command_.front() == "--") command_.erase(command_.begin());
    return !name_.empty() && !command_.empty();
  }

  /// Returns nothing if nothing is being recorded. If the span cannot be recorded, prints a warning: the
  /// command runs anyway.
  std::optional<Marker> open_marker(const Console& console) {
    const auto folder = pid_ ? folder_of_run(*pid_) : folder_of_this_run();
    if (!folder) {
      console.warn("span " + name_ + ": " + folder.error().place + " " + folder.error().what +
                   "; running the command without a span");
      return std::nullopt;
    }
    if (folder->empty()) return std::nullopt;
    auto lane = find_lane(*folder);
    if (!lane) return std::nullopt;
    lane_ = *lane;
    auto marker = Marker::open(*folder, lane_);
    if (!marker) {
      console.warn("span " + name_ + ": " + marker.error().what +
                   "; running the command without a span");
      return std::nullopt;
    }
    return std::optional<Marker>(std::move(*marker));
  }

  /// Returns the span that contains this one. With --pid there is none.
  std::optional<EnclosingSpan> outer_span() const { return pid_ ? std::nullopt : enclosing_span(); }

  Result<model::ProcessId> find_lane(const std::string& folder) const {
    if (pid_) return identify(*pid_);
    const auto outer = enclosing_span();
    return outer ? outer->lane : identify_caller(folder);
  }

  int run_command(const launch::StartState& start_state, launch::SignalInbox& inbox,
                  const Console& console) const {
    auto target = launch::Target::hold({command_, find_layout().hold}, start_state);
    if (!target) return fail_with(console, target.error());
    const auto released = target->release();
    if (released) return wait_for(target->pid(), inbox);
    if (released.error().code != Errc::not_found) {
      console.report(released.error());
      return exit_status::not_executable;
    }
    console.report(as_not_found(released.error()));
    return exit_status::not_found;
  }

  /// Adds a hint for `span load tables -- psql`: it names the span "load", and "tables" is not a program.
  Error as_not_found(Error error) const {
    if (std::find(command_.begin(), command_.end(), "--") != command_.end()) {
      error.hint = "quote a name of several words: mprofpp span \"" + name_ + ' ' +
                   command_.front() + "\" -- COMMAND";
    }
    return error;
  }

  Arguments command_;
  std::string pid_text_;
  std::optional<pid_t> pid_;
  std::string name_;
  model::ProcessId lane_;
};

}  // namespace

std::unique_ptr<Command> make_span_command() {
  return std::make_unique<SpanCommand>();
}

}  // namespace mprofpp::app
