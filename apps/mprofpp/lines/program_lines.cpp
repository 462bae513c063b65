#include "lines/program_lines.hpp"

#include <unistd.h>

#include <string>
#include <utility>

#include "cli/exit_status.hpp"
#include "console/shell_quote.hpp"
#include "mprofpp/record/session/session.hpp"
#include "mprofpp/report/recording.hpp"
#include "options/launched_program.hpp"
#include "options/marking_options.hpp"
#include "options/python_program.hpp"
#include "options/recording_options.hpp"
#include "options/unnamed_file.hpp"
#include "summary/line_messages.hpp"

namespace mprofpp::app {
namespace {

constexpr int failed = exit_status::recorder_failed;

/// The file of an output is checked first: a program that ran for hours must not lose its tables.
Error before_start(Error error) {
  if (error.code != Errc::invalid_argument) error.what += "; the program was not started";
  return error;
}

}  // namespace

int ProgramLines::run(const Arguments& program) const {
  // first, before a file is opened or a signal blocked: the program inherits what mprofpp inherited
  auto start_state = launch::read_start_state();
  launch::raise_descriptor_limit();
  if (const auto checked = options_.check_for_program(); !checked)
    return refuse(before_start(checked.error()), failed);
  const auto unnamed = open_unnamed_file();
  if (!unnamed) return refuse(before_start(unnamed.error()), failed);
  const auto options = recorder_options(program, *unnamed, std::move(start_state));
  if (!options) return refuse(options.error(), failed);

  RecordingListener listener(console_, RecordingListener::Hints::left_out);
  const auto outcome = record::record(*options, listener);
  if (!outcome) {
    auto error = outcome.error().error;
    const auto cause = outcome.error().cause;
    if (error.code == Errc::exists) error.hint = "--save FILE chooses another name";
    if (cause == record::NotRecorded::Cause::file) error = before_start(std::move(error));
    return refuse(error, exit_status_of(cause));
  }
  for (const auto& message : missing_messages(*outcome, options->marks)) console_.report(message);
  const auto printed = print_tables(*outcome, command_for_shell(program), *unnamed);
  const int status = exit_status_of(*outcome);
  if (printed) return status;
  return refuse(printed.error(), status == exit_status::success ? failed : status);
}

int ProgramLines::refuse(const Error& error, int status) const {
  console_.report(error);
  return status;
}

Result<record::Options> ProgramLines::recorder_options(const Arguments& program, const Fd& unnamed,
                                                       launch::StartState state) const {
  auto options = RecordingOptions().make(console_);
  if (!options) return options;
  const auto& saved = options_.saved();
  if (saved.empty()) options->descriptor = ::dup(unnamed.get());
  options->name = [saved](pid_t, int) { return saved.empty() ? "the recording" : saved; };
  options->name_attempts = 1;
  options->children = record::Children::apart;
  auto marks = MarkingOptions().make(saved);
  if (!marks) return Failure(marks.error());
  (*marks)->lines = options_.counting();
  options->marks = std::move(*marks);
  auto target = launch_of(with_interpreter(program, Python::by_name), std::move(state));
  if (!target) return Failure(target.error());
  options->target = std::move(*target);
  return options;
}

/// Prints the tables of the program. It is not an error if there are none: the reason has been printed.
/// `name` is what people call the recording if it has no name of its own.
Result<void> ProgramLines::print_tables(const record::Outcome& outcome, const std::string& name,
                                        const Fd& unnamed) const {
  const bool is_saved = !options_.saved().empty();
  const auto run = report::last_run(is_saved ? outcome.path : name,
                                    is_saved ? outcome.path : path_of_open(unnamed));
  if (!run) return Failure(run.error());
  const auto reports = output_.read(*run);
  if (!reports) return Failure(reports.error());
  auto written = output_.write(output_.text_of(*run, *reports));
  output_.print_notes(*reports);
  return written;
}

}  // namespace mprofpp::app
