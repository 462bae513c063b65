#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "lines/program_lines.hpp"
#include "lines/recorded_lines.hpp"
#include "options/lines_options.hpp"
#include "options/recording_argument.hpp"

namespace mprofpp::app {
namespace {

class LinesCommand : public Command {
 public:
  Operands operands() const override { return Operands::either; }
  bool takes_file(const std::string& operand) const override { return is_recording(operand); }
  void set_program(Arguments program) override { program_ = std::move(program); }

  void bind(CLI::App& app) override {
    app.description(
        "Runs PROGRAM and then prints which lines of its Python functions took the memory:\n"
        "of those with @profile, and with --lines-of those that match a pattern. A file\n"
        "NAME.py is run with python3. Or prints the tables of recordings that were made\n"
        "with mprofpp run --lines, or of the newest one in this folder if you name none.\n"
        "FILE is a recording, an index from mprofpp list or - for stdin.");
    app.add_option("file", files_, "recordings, indices, or - for stdin")
        ->type_name("[FILE … | PROGRAM …]");
    options_.bind(app);
    app.footer(
        "Mem usage is the largest memory after a line, Increment the sum of what the line\n"
        "added each time, Occurrences how often it ran. The first row is for the calls:\n"
        "the largest memory at the start of one, the memory at the start of the first, and\n"
        "their number. The other increments add up to the growth during the calls. A\n"
        "function of a single line has its growth in that row, too. The format is that of\n"
        "memory_profiler; lines.md explains the differences.\n"
        "\n"
        "examples:\n"
        "  mprofpp lines train.py\n"
        "  mprofpp lines --lines-of 'app.*' --peak gunicorn -w 4 app:app\n"
        "  mprofpp lines --html -o lines.html python3 -m package\n"
        "  mprofpp run --lines -o server.dat gunicorn -w 4 app:app\n"
        "  mprofpp lines --live server.dat       print its tables while it runs\n"
        "\n"
        "exit status of a program: as for mprofpp run. For recordings, and for wrong usage\n"
        "before PROGRAM:\n"
        "  1  a recording could not be read, or has no lines\n"
        "  2  wrong usage");
  }

  int usage_status() const override {
    return program_.empty() ? exit_status::usage : exit_status::recorder_failed;
  }

  int run(const Console& console) override {
    if (program_.empty()) return RecordedLines(options_, console).print(files_);
    return ProgramLines(options_, console).run(program_);
  }

 private:
  std::vector<std::string> files_;
  Arguments program_;
  LinesOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_lines_command() {
  return std::make_unique<LinesCommand>();
}

}  // namespace mprofpp::app
