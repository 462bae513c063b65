#include <algorithm>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "mprofpp/base/text.hpp"
#include "objects/live_objects.hpp"
#include "objects/objects_options.hpp"
#include "objects/recorded_objects.hpp"
#include "options/recording_argument.hpp"

namespace mprofpp::app {
namespace {

/// Returns true if an operand means a recording. A number is a pid, and not an index.
bool means_recording(const std::string& operand) {
  return !parse_integer<int>(operand) && is_recording(operand);
}

class ObjectsCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Prints how many objects of each type a running Python program has, how many bytes\n"
        "they take, and what has grown since you last looked, which comes first. The\n"
        "program goes on; none of its code runs without --repr. Or prints the growth in\n"
        "recordings that were made with mprofpp run --objects.");
    app.add_option("target", operands_, "pids, names or recordings")
        ->type_name("[PID|NAME|FILE …]");
    options_.bind(app);
    recorded_.bind(app);
    app.footer(
        "examples:\n"
        "  mprofpp objects 1234                  once; look again to see what grows\n"
        "  mprofpp objects --every 5s server.py  again and again\n"
        "  mprofpp objects --sizes 1234          with str, bytes and numbers\n"
        "  mprofpp objects --containers 1234     main.cache: 2 → 20,002\n"
        "  mprofpp objects --type str 1234       the largest texts\n"
        "  mprofpp objects --of main.cache 1234\n"
        "  mprofpp objects --around app.up 1234  what the next call leaves behind\n"
        "\n"
        "With --around, the thread that makes the call counts: when it starts, and when it\n"
        "has returned and its local variables are gone, or an exception has left it. What\n"
        "other threads make meanwhile is included. A call is the outermost of a recursion;\n"
        "that of a generator or coroutine starts when it first runs and lasts until it\n"
        "ends. Calls between two of --calls may be missed. No hook is left behind.\n"
        "\n"
        "Bytes are the sums of sys.getsizeof(). What is unknown is printed as -. mprofpp\n"
        "holders prints what holds the objects of a type.\n"
        "\n"
        "With --json each process is an object with the fields schema (1), pid, command,\n"
        "python, objects, bytes, is_lower_bound, frozen, since_seconds, held_ms, types (with\n"
        "type, address, count, count_growth, bytes and bytes_growth), other_types and\n"
        "containers (with path, kind, address, length, length_before, most_before and bytes).\n"
        "With --around there is a line for each call, with its function; since_seconds is the\n"
        "time of the call.\n"
        "\n"
        "exit status:\n"
        "  0  the objects were printed\n"
        "  1  a process does not exist, does not run Python, or did not answer, or there is\n"
        "     no such type; the others were printed. With --around: no such call has ended\n"
        "     in time\n"
        "  2  wrong usage\n"
        "  130  interrupted while waiting for a call");
  }

  int run(const Console& console) override {
    if (const auto checked = options_.check(); !checked)
      return refuse(console, checked.error(), exit_status::usage);
    const auto is_program = [](const std::string& operand) { return !means_recording(operand); };
    const bool has_program = std::any_of(operands_.begin(), operands_.end(), is_program);
    const bool has_recording = !std::all_of(operands_.begin(), operands_.end(), is_program);
    if (has_program && (has_recording || recorded_.are_options_given()))
      return refuse(
          console,
          {Errc::invalid_argument, "objects", "cannot print a program and a recording at once"},
          exit_status::usage);
    if (has_program && !options_.around().empty() && operands_.size() > 1)
      return refuse(console, {Errc::invalid_argument, "--around", "takes one program at a time"},
                    exit_status::usage);
    if (has_program) return LiveObjects(options_, console).run(operands_);
    const auto option = options_.option_for_programs();
    if (!option.empty())
      return refuse(console,
                    {Errc::invalid_argument, option, "needs a running program",
                     "mprofpp objects " + option + " PID|NAME"},
                    exit_status::usage);
    return recorded_.print(
        operands_,
        {.rows = options_.rows(), .type = options_.type(), .is_json = options_.is_json()}, console);
  }

 private:
  std::vector<std::string> operands_;
  ObjectsOptions options_;
  RecordedObjects recorded_;
};

}  // namespace

std::unique_ptr<Command> make_objects_command() {
  return std::make_unique<ObjectsCommand>();
}

}  // namespace mprofpp::app
