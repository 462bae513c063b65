#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/hints.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/units.hpp"
#include "objects/held_objects.hpp"
#include "objects/holders_picture.hpp"
#include "objects/objects_options.hpp"
#include "options/process_operand.hpp"
#include "options/terminal_look.hpp"

namespace mprofpp::app {
namespace {

class HoldersCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Prints what holds objects of a running Python program: the shortest chains of\n"
        "references from modules, frames of threads and coroutines, and C code. Of a TYPE,\n"
        "the largest objects are looked at, and those that are new since you last looked.\n"
        "The program goes on, and none of its code runs.");
    app.add_option("target", operands_, "a pid or name, and what is held")
        ->type_name("PID|NAME TYPE|ADDRESS|EXPRESSION");
    app.add_option("-n,--count", count_, "look at N objects of a type (default: 3)")
        ->type_name("N");
    app.add_option("--chains", chains_,
                   "print N chains to each object (default: 1 for a type,\n"
                   "3 for one object)")
        ->type_name("N");
    app.add_option("--depth", depth_, "of at most N steps (default: 20)")->type_name("N");
    app.add_option("-o,--output", output_, "draw FILE.svg, or write FILE.html")->type_name("FILE");
    app.add_flag("--json", json_, "print a JSON object");
    bind_max_pause(app, max_pause_);
    app.add_flag("-v,--verbose", verbose_, "also print how long the program has waited for it");
    app.footer(
        "examples:\n"
        "  mprofpp holders 1234 app.Manager              of a type\n"
        "  mprofpp holders server.py 0x7f2b40c1d2e0      of an object\n"
        "  mprofpp holders 1234 \"main.cache['key']\"      of what a name leads to\n"
        "  mprofpp holders -o holders.svg 1234 app.Manager\n"
        "\n"
        "An expression is a dotted name, with [3] and ['key'] for what lists, tuples and\n"
        "dicts hold; main is the program's __main__ module. In a chain, ['key'] and [3]\n"
        "are what a dict or list holds, .name is an attribute, and new marks what was not\n"
        "there before.\n"
        "\n"
        "With --json the object has the fields schema (1), pid, command, python, objects,\n"
        "edges, held_ms, type and targets; a target has target, address, type, size, value,\n"
        "references, is_new, state, chains and holders; a chain has root, expression and\n"
        "steps with address, type, name and via.\n"
        "\n"
        "exit status:\n"
        "  0  the holders were printed\n"
        "  1  there is no such process, type or object, or the process did not answer\n"
        "  2  wrong usage");
  }

  int run(const Console& console) override {
    const auto query = make_query();
    if (!query) return refuse(console, query.error(), exit_status::usage);
    const auto process = find_process(operands_.front(), console);
    if (!process) return exit_status::failure;
    const auto look = HeldObjects(*query, console).find(process->pid);
    if (!look) return refuse(console, look.error(), exit_status::failure);
    if (verbose_)
      console.note(place_of(process->pid) + ": Python waited " + readable(look->holders.held));
    if (output_.empty() || output_ == "-") {
      console.print(text_of(*look, console));
      return exit_status::success;
    }
    const bool is_svg = output_.ends_with(".svg");
    const auto written = replace_file(output_, is_svg ? holders_svg(*look) : holders_html(*look));
    if (!written)
      return refuse(console, with_hint(Task::write_output, written.error()), exit_status::failure);
    console.print(output_ + "\n");
    return exit_status::success;
  }

 private:
  Result<HoldersQuery> make_query() const {
    if (operands_.size() != 2) {
      const bool has_process = operands_.size() == 1;
      return fail(Errc::invalid_argument, "holders",
                  operands_.empty() ? "no process"
                  : has_process     ? "no type, address or expression"
                                    : "too many arguments",
                  "mprofpp holders [OPTIONS] PID|NAME TYPE|ADDRESS|EXPRESSION");
    }
    const bool is_picture = output_.ends_with(".svg") || output_.ends_with(".html");
    if (!output_.empty() && output_ != "-" && !is_picture)
      return fail(Errc::invalid_argument, "--output", "'" + output_ + "' is not a picture",
                  "write holders.svg or holders.html");
    if (json_ && is_picture) return fail(Errc::invalid_argument, "--json", "draws no picture");
    HoldersQuery query{.what = operands_[1], .chains = {}};
    const auto pause = parse_max_pause(max_pause_);
    if (!pause) return Failure(pause.error());
    query.pause = *pause;
    return with_counts(std::move(query));
  }

  Result<HoldersQuery> with_counts(HoldersQuery query) const {
    const auto count = parse_count("--count", count_.empty() ? "3" : count_);
    if (!count) return Failure(count.error());
    const auto depth = parse_count("--depth", depth_.empty() ? "20" : depth_);
    if (!depth) return Failure(depth.error());
    query.objects = *count;
    query.depth = *depth;
    if (chains_.empty()) return query;
    const auto chains = parse_count("--chains", chains_);
    if (!chains) return Failure(chains.error());
    query.chains = *chains;
    return query;
  }

  std::string text_of(const inspect::HoldersLook& look, const Console& console) const {
    if (json_) return inspect::holders_json(look);
    const bool is_unicode = letters_for(terminal_variables()) == render::Letters::unicode;
    const auto letters = is_unicode || !console.is_stdout_terminal() ? inspect::TreeLetters::unicode
                                                                     : inspect::TreeLetters::ascii;
    return inspect::holders_text(look, table_look(console, 0, 0), letters);
  }

  std::vector<std::string> operands_;
  std::string count_, chains_, depth_, output_, max_pause_;
  bool json_ = false;
  bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command> make_holders_command() {
  return std::make_unique<HoldersCommand>();
}

}  // namespace mprofpp::app
