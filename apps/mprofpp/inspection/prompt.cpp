#include "inspection/prompt.hpp"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/exit_status.hpp"
#include "inspection/editor.hpp"
#include "inspection/interruptions.hpp"
#include "inspection/remote_output.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::app {
namespace {

using inspect::Status;

/// Returns the file of the history, whose folder exists; empty if there is no place for one.
std::string history_file() {
  namespace fs = std::filesystem;
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  const bool has_state = state != nullptr && *state == '/';
  if (!has_state && (home == nullptr || *home != '/')) return {};
  const auto folder = (has_state ? fs::path(state) : fs::path(home) / ".local/state") / "mprofpp";
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? std::string() : (folder / "console_history").string();
}

class Prompt {
 public:
  Prompt(pid_t pid, OpenedDoor& door, const RunOptions& options, const SignalWatch& signals,
         const Console& console)
      : pid_(pid),
        door_(door),
        options_(options),
        signals_(signals),
        console_(console),
        editor_(signals, door.client.socket(), [this](const std::string& name) {
          return inspect::complete(door_.client, name, options_.patience)
              .value_or(std::vector<std::string>());
        }) {
    if (const auto file = history_file(); !file.empty()) editor_.keep_history(file);
  }

  /// Returns the exit status.
  int run() {
    greet();
    while (!status_) {
      const auto answer = editor_.read(source_.empty() ? ">>> " : "... ");
      if (answer.end == Editor::End::line)
        take(answer.line);
      else
        end_line(answer.end);
    }
    return *status_;
  }

 private:
  void greet() const {
    console_.print("Code runs in " + place_of(pid_) + ": " +
                   visible(proc::read_command(pid_).value_or("")) +
                   "\nmain is its __main__ module. Ctrl-C interrupts your code, Ctrl-D leaves; the "
                   "program goes on.\n");
  }

  void end_line(Editor::End end) {
    console_.print("\n");
    switch (end) {
      case Editor::End::interrupted:
        console_.print("KeyboardInterrupt\n");
        source_.clear();
        break;
      case Editor::End::peer_ended:
        fail_with({Errc::vanished, "", "has closed the connection"});
        break;
      case Editor::End::left:
        status_ = exit_status::interrupted;
        break;
      default:
        status_ = exit_status::success;
    }
  }

  void take(const std::string& line) {
    const bool is_blank = trim(line).empty();
    if (source_.empty() && is_blank) return;
    if (!is_blank) editor_.remember(line);
    source_ += line + "\n";
    run_source();
  }

  void run_source() {
    Interruptions interruptions(signals_, console_);
    RemoteOutput output(console_);
    // the newline after the last line would end a block at once
    const inspect::Code code{.text = source_.substr(0, source_.size() - 1),
                             .source = inspect::Source::typed,
                             .runner = options_.runner,
                             .patience = options_.patience};
    const auto ending =
        inspect::run_code(door_.client, code, output.take(), interruptions.control());
    output.finish(RemoteOutput::LastLine::ended);
    if (!ending) return fail_with(ending.error());
    if (ending->status == Status::incomplete) return;
    source_.clear();
    if (!ending->status || interruptions.is_over()) {
      status_ = exit_status::interrupted;
    } else if (*ending->status == Status::exited) {
      status_ = exit_status::success;
    } else if (*ending->status != Status::done && *ending->status != Status::failed) {
      console_.report(at_process(pid_, inspect::not_done(*ending)));
      if (*ending->status != Status::busy) status_ = exit_status::not_run;
    } else if (!ending->message.empty()) {
      console_.note(visible(ending->message));
    }
  }

  void fail_with(const Error& error) {
    console_.report(at_process(pid_, error));
    status_ = error.code == Errc::invalid_argument ? status_ : exit_status::not_reached;
    source_.clear();
  }

  pid_t pid_;
  OpenedDoor& door_;
  const RunOptions& options_;
  const SignalWatch& signals_;
  const Console& console_;
  Editor editor_;
  std::string source_;  ///< the lines so far of something that is not complete
  std::optional<int> status_;
};

}  // namespace

int run_prompt(pid_t pid, OpenedDoor& door, const RunOptions& options, const Console& console) {
  const auto signals = SignalWatch::make({SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH});
  if (!signals) {
    console.report(signals.error());
    return exit_status::not_reached;
  }
  return Prompt(pid, door, options, *signals, console).run();
}

}  // namespace mprofpp::app
