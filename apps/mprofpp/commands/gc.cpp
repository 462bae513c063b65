#include <string>
#include <vector>

#include "cli/command.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/collector_text.hpp"
#include "mprofpp/proc/files.hpp"
#include "objects/objects_options.hpp"
#include "options/process_operand.hpp"

namespace mprofpp::app {
namespace {

class GcCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Prints what the garbage collector of a running Python program does: how often it\n"
        "runs, what it has freed and could not free, and what keeps it from it. With\n"
        "--collect also what a full collection would free. Nothing is freed, and none of\n"
        "the program's code runs.");
    app.add_option("target", operands_, "a pid or name")->type_name("PID|NAME");
    app.add_flag("--collect", collect_,
                 "find the objects that only hold each other, and print\n"
                 "their types");
    app.add_option("-n,--rows", rows_, "print N types (default: 20)")->type_name("N");
    app.add_flag("--json", json_, "print a JSON object");
    bind_max_pause(app, max_pause_);
    app.add_flag("-v,--verbose", verbose_, "also print how long the program has waited for it");
    app.footer(
        "examples:\n"
        "  mprofpp gc 1234\n"
        "  mprofpp gc --collect server.py\n"
        "\n"
        "With --json the object has the fields schema (1), pid, command, python, enabled,\n"
        "generations (with count, threshold, collections, collected and uncollectable),\n"
        "collection_seconds, frozen, debug, callbacks, garbage, finalizers, trial (with\n"
        "objects, bytes, uncollectable, seconds and types) and held_ms.\n"
        "\n"
        "exit status:\n"
        "  0  the state of the collector was printed\n"
        "  1  the process does not exist, does not run Python, or did not answer\n"
        "  2  wrong usage");
  }

  int run(const Console& console) override {
    if (operands_.size() != 1) {
      return refuse(console,
                    {Errc::invalid_argument, "gc",
                     operands_.empty() ? "no process" : "looks at one process at a time",
                     "mprofpp gc [OPTIONS] PID|NAME"},
                    exit_status::usage);
    }
    const auto pause = parse_max_pause(max_pause_);
    if (!pause) return refuse(console, pause.error(), exit_status::usage);
    const auto rows = parse_count("--rows", rows_.empty() ? "20" : rows_);
    if (!rows) return refuse(console, rows.error(), exit_status::usage);
    const auto process = find_process(operands_.front(), console);
    if (!process) return exit_status::failure;
    const auto state = read(process->pid, *pause);
    if (!state) return refuse(console, state.error(), exit_status::failure);
    const inspect::ShownProcess shown{process->pid, proc::read_command(process->pid).value_or(""),
                                      state->python};
    console.print(json_ ? inspect::collector_json(shown, *state)
                        : inspect::collector_text(shown, *state, table_look(console, *rows, 0)));
    if (verbose_) console.note(place_of(process->pid) + ": Python waited " + readable(state->held));
    return exit_status::success;
  }

 private:
  Result<inspect::CollectorState> read(pid_t pid, Duration pause) const {
    auto door = open_door(pid);
    if (!door) return Failure(std::move(door.error()));
    const auto trial =
        collect_ ? inspect::TrialCollection::made : inspect::TrialCollection::left_out;
    auto state = inspect::read_collector(door->client, trial, pause);
    if (!state) return Failure(at_process(pid, std::move(state.error())));
    return state;
  }

  std::vector<std::string> operands_;
  std::string rows_, max_pause_;
  bool collect_ = false;
  bool json_ = false;
  bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command> make_gc_command() {
  return std::make_unique<GcCommand>();
}

}  // namespace mprofpp::app
