#include <algorithm>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/process_stacks.hpp"
#include "mprofpp/inspect/requests.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/thread_state.hpp"
#include "options/process_operand.hpp"

namespace mprofpp::app {
namespace {

class StacksCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Prints which functions every thread of a running Python program is in, the\n"
        "innermost first, and also suspended greenlets and asyncio tasks. Equal stacks\n"
        "are printed once. The program goes on.");
    app.add_option("target", operands_, "pids or names")->type_name("PID|NAME …");
    app.add_flag("-C,--include-children", children_, "also of the descendants of these processes");
    app.add_flag("--locals", locals_, "also print local variables, shortened");
    app.add_flag("--json", json_, "print one JSON object per process on each line");
    app.add_option("--max-pause", max_pause_,
                   "give up if Python is not free within TIME (default:\n"
                   "200ms)")
        ->type_name("TIME");
    app.add_flag("-v,--verbose", verbose_, "also print how long the program has waited for it");
    app.footer(
        "examples:\n"
        "  mprofpp stacks 1234\n"
        "  mprofpp stacks -C gunicorn\n"
        "  mprofpp stacks --locals server.py\n"
        "\n"
        "With --json each process is an object with the fields schema (1), pid, command,\n"
        "python, left_out, held_ms, stopped_ms and stacks; a stack has kind (thread, task\n"
        "or greenlet), name, tid, state and frames; a frame has function, file, line and,\n"
        "with --locals, locals.\n"
        "\n"
        "exit status:\n"
        "  0  the stacks were printed\n"
        "  1  a process does not exist, does not run Python, or did not answer; the\n"
        "     others were printed\n"
        "  2  wrong usage");
  }

  int run(const Console& console) override {
    if (operands_.empty()) {
      console.report(
          {Errc::invalid_argument, "stacks", "no process", "mprofpp stacks [OPTIONS] PID|NAME"});
      return exit_status::usage;
    }
    const auto pause = parse_max_pause(max_pause_);
    if (!pause) {
      console.report(pause.error());
      return exit_status::usage;
    }
    int status = exit_status::success;
    for (const auto& operand : operands_) {
      const auto process = find_process(operand, console);
      if (!process || !print_tree(process->pid, *pause, console)) status = exit_status::failure;
    }
    return status;
  }

 private:
  /// Returns false if a process has no stacks to print.
  bool print_tree(pid_t root, Duration pause, const Console& console) {
    bool is_complete = print_one(root, pause, console);
    if (!children_) return is_complete;
    for (const pid_t child : proc::read_children(root))
      is_complete = print_tree(child, pause, console) && is_complete;
    return is_complete;
  }

  bool print_one(pid_t pid, Duration pause, const Console& console) {
    const auto process = read(pid, pause);
    if (!process) {
      console.report(process.error());
      return false;
    }
    const auto colours =
        console.colours_stdout() ? inspect::TextColours::shown : inspect::TextColours::none;
    if (json_) {
      console.print(inspect::stacks_json(*process));
    } else {
      console.print((is_first_ ? "" : "\n") + inspect::stacks_text(*process, colours));
    }
    is_first_ = false;
    if (verbose_) console.note(pause_text(*process));
    return true;
  }

  Result<inspect::ProcessStacks> read(pid_t pid, Duration pause) const {
    auto door = open_door(pid);
    if (!door) return Failure(std::move(door.error()));
    auto answer = inspect::read_stacks(
        door->client, locals_ ? inspect::Locals::shown : inspect::Locals::left_out, pause);
    if (!answer) return Failure(at_process(pid, std::move(answer.error())));
    return inspect::ProcessStacks{.pid = pid,
                                  .command = proc::read_command(pid).value_or(""),
                                  .folder = proc::read_link(pid, "cwd").value_or(""),
                                  .states = proc::read_thread_states(pid),
                                  .stacks = std::move(answer->stacks),
                                  .held = answer->held,
                                  .stopped = door->stopped};
  }

  static std::string pause_text(const inspect::ProcessStacks& process) {
    auto text = place_of(process.pid) + ": Python waited " + milliseconds(process.held);
    if (process.stopped)
      text += ", and the program was stopped for " + milliseconds(*process.stopped);
    return text;
  }

  static std::string milliseconds(Duration duration) {
    constexpr double millisecond = 1e6;
    return fixed(static_cast<double>(duration.count()) / millisecond, 1) + " ms";
  }

  std::vector<std::string> operands_;
  std::string max_pause_;
  bool children_ = false;
  bool locals_ = false;
  bool json_ = false;
  bool verbose_ = false;
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<Command> make_stacks_command() {
  return std::make_unique<StacksCommand>();
}

}  // namespace mprofpp::app
