#include <signal.h>
#include <unistd.h>

#include <string>

#include "cli/command.hpp"
#include "inspection/interruptions.hpp"
#include "inspection/opened_door.hpp"
#include "inspection/prompt.hpp"
#include "inspection/remote_output.hpp"
#include "mprofpp/base/file.hpp"
#include "options/process_operand.hpp"

namespace mprofpp::app {
namespace {

using inspect::Status;

/// Reads the script on stdin. Errors: invalid_argument if it is too long, and those of reading it.
Result<std::string> read_script() {
  constexpr std::size_t longest = wire::door::longest_frame;
  std::string text(longest, '\0');
  const auto size = read_block(STDIN_FILENO, text);
  if (!size) return fail(Errc::io, "stdin", "cannot read the script");
  if (*size == longest)
    return fail(Errc::invalid_argument, "stdin", "the script is larger than 1 MiB");
  text.resize(*size);
  return text;
}

class ConsoleCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Runs Python code in a running program, and prints what it prints. On a terminal\n"
        "there is a prompt with history (arrow keys, Ctrl-R) and completion (Tab); else\n"
        "the code is read from stdin. The program goes on meanwhile: the code runs in a\n"
        "thread of its own, and main is the program's __main__ module. Names that you\n"
        "assign live until you leave.");
    app.add_option("target", operands_, "a pid or name")->type_name("PID|NAME");
    app.add_option("-c,--code", code_,
                   "run CODE, print the value of its last expression, and\n"
                   "exit")
        ->type_name("CODE");
    app.add_flag("--main-thread", main_thread_,
                 "run the code in the program's main thread, between two\n"
                 "of its own statements; the program waits for it");
    app.add_option("--max-pause", max_pause_,
                   "give up if Python is not free within TIME (default:\n"
                   "200ms)")
        ->type_name("TIME");
    app.footer(
        "examples:\n"
        "  mprofpp console 1234\n"
        "  mprofpp console -c 'len(main.cache)' server.py\n"
        "  mprofpp console 1234 < look_around.py\n"
        "\n"
        "Ctrl-C interrupts the code and never the program; Ctrl-D and exit() leave. In a\n"
        "program that mprofpp run has started, code runs only with mprofpp run\n"
        "--allow-console. This prevents accidents, but not users who may debug the\n"
        "program anyway.\n"
        "\n"
        "exit status:\n"
        "  0    the code has run, or you have left the prompt\n"
        "  1    the code raised an exception\n"
        "  2    wrong usage\n"
        "  3    nothing was run: the program was busy, or refuses code\n"
        "  4    there is no such process, it cannot be entered, or it has ended\n"
        "  130  interrupted");
  }

  int run(const Console& console) override {
    if (operands_.size() != 1) {
      return refuse(console,
                    {Errc::invalid_argument, "console",
                     operands_.empty() ? "no process" : "runs code in one process at a time",
                     "mprofpp console [OPTIONS] PID|NAME"},
                    exit_status::usage);
    }
    const auto pause = parse_max_pause(max_pause_);
    if (!pause) return refuse(console, pause.error(), exit_status::usage);
    const auto process = find_process(operands_.front(), console);
    if (!process) return exit_status::not_reached;
    const bool is_script = code_.empty() && ::isatty(STDIN_FILENO) != 1;
    const auto script = is_script ? read_script() : Result<std::string>(code_);
    if (!script) return refuse(console, script.error(), exit_status::usage);
    auto door = open_door(process->pid);
    if (!door) return refuse(console, door.error(), exit_status::not_reached);
    const RunOptions options{
        .runner = main_thread_ ? inspect::Runner::main_thread : inspect::Runner::agent,
        .patience = *pause};
    const inspect::Code code{.text = *script,
                             .source = is_script ? inspect::Source::script : inspect::Source::typed,
                             .runner = options.runner,
                             .patience = options.patience};
    if (is_script || !code_.empty()) return run_code(process->pid, *door, code, console);
    const auto allowed = inspect::complete(door->client, "main", options.patience);
    if (!allowed && allowed.error().code != Errc::busy) {
      const auto& error = allowed.error();
      return refuse(console, at_process(process->pid, error), status_of(error));
    }
    return run_prompt(process->pid, *door, options, console);
  }

 private:
  static int status_of(const Error& error) {
    const bool is_refused = error.code == Errc::denied || error.code == Errc::busy;
    return is_refused ? exit_status::not_run : exit_status::not_reached;
  }

  /// Runs code that is complete. Returns the exit status.
  static int run_code(pid_t pid, OpenedDoor& door, inspect::Code code, const Console& console) {
    const auto signals = SignalWatch::make({SIGINT, SIGTERM, SIGHUP});
    if (!signals) return refuse(console, signals.error(), exit_status::not_reached);
    Interruptions interruptions(*signals, console);
    RemoteOutput output(console);
    auto ending = inspect::run_code(door.client, code, output.take(), interruptions.control());
    if (ending && ending->status == Status::incomplete) {
      // run as a script, it raises the exception that says what is missing
      code.source = inspect::Source::script;
      ending = inspect::run_code(door.client, code, output.take(), interruptions.control());
    }
    output.finish(RemoteOutput::LastLine::as_it_is);
    if (!ending) return refuse(console, at_process(pid, ending.error()), exit_status::not_reached);
    if (!ending->status) return exit_status::interrupted;
    return status_after(pid, *ending, interruptions, console);
  }

  static int status_after(pid_t pid, const inspect::Ending& ending,
                          const Interruptions& interruptions, const Console& console) {
    switch (*ending.status) {
      case Status::done:
      case Status::exited:
        return exit_status::success;
      case Status::failed:
        return interruptions.count() > 0 ? exit_status::interrupted : exit_status::raised;
      default:
        return refuse(console, at_process(pid, inspect::not_done(ending)), exit_status::not_run);
    }
  }

  std::vector<std::string> operands_;
  std::string code_;
  std::string max_pause_;
  bool main_thread_ = false;
};

}  // namespace

std::unique_ptr<Command> make_console_command() {
  return std::make_unique<ConsoleCommand>();
}

}  // namespace mprofpp::app
