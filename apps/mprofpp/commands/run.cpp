#include <utility>

#include "cli/command.hpp"
#include "mprofpp/record/session/session.hpp"
#include "options/launched_program.hpp"
#include "options/marking_options.hpp"
#include "options/python_program.hpp"
#include "options/recording_options.hpp"
#include "summary/run_summary.hpp"

namespace mprofpp::app {
namespace {

class RunCommand : public Command {
 public:
  Operands operands() const override { return Operands::program; }
  std::optional<Redirect> redirect() const override {
    if (!attach_) return std::nullopt;
    return Redirect{"attach", {"-a", "--attach"}};
  }
  int usage_status() const override { return exit_status::recorder_failed; }
  void set_program(Arguments program) override { program_ = std::move(program); }

  void bind(CLI::App& app) override {
    app.description(
        "Starts PROGRAM and records its memory until it exits. mprofpp's options go\n"
        "before PROGRAM; everything after it is passed to the program unchanged. A file\n"
        "NAME.py is run with python3.");
    recording_.bind(app);
    marking_.bind(app);
    const auto flag = [&](const char* names, bool& value, const char* text) {
      app.add_flag(names, value, text);
    };
    flag("--kill", kill_,
         "when --timeout is reached, terminate the program too:\n"
         "SIGTERM, then SIGKILL 5 seconds later");
    flag("--wait-all", wait_all_,
         "record until all descendants have exited, not only\n"
         "PROGRAM");
    flag("-a,--attach", attach_,
         "do what mprofpp attach does; PROGRAM is a pid or a\n"
         "name (for compatibility with mprof)");
    flag("-E,--exit-code", exit_code_,
         "return the program's exit status, which is the default\n"
         "(for compatibility with mprof)");
    flag("--no-exit-code", no_exit_code_,
         "return 0 whatever the program's exit status is, as\n"
         "mprof does");
    flag("--python", python_, "run PROGRAM, a file or a module, with python3");
    flag("--nopython", no_python_, "execute PROGRAM itself even if its name ends in .py");
    app.footer(
        "examples:\n"
        "  mprofpp run ./a.out --its-own-option\n"
        "  mprofpp run -C -M -o server.dat gunicorn -w 4 app:app\n"
        "  mprofpp run -T 10ms train.py\n"
        "  mprofpp run -C --trace 'app.*' gunicorn -w 4 app:app    also record calls\n"
        "\n"
        "Functions are marked with @profile or --trace in Python, with mprofpp.h or\n"
        "-finstrument-functions in C and C++, and with mprofpp span and mprofpp mark in\n"
        "scripts. mprofpp plot --flame draws the calls. mprofpp peak --func NAME prints\n"
        "how much memory a function added, and mprofpp peak --func '*' which functions\n"
        "added most.\n"
        "\n"
        "exit status:\n"
        "  that of the program, or 128+n if signal n terminated it\n"
        "  124  --timeout was reached\n"
        "  125  mprofpp itself failed, or its usage was wrong\n"
        "  126  the program cannot be executed\n"
        "  127  the program was not found");
  }

  int run(const Console& console) override {
    // first, before a file is opened or a signal blocked: the program inherits what mprofpp inherited
    auto start_state = launch::read_start_state();
    launch::raise_descriptor_limit();
    if (program_.empty()) {
      return refuse(console, {Errc::invalid_argument, "run", "no program to record",
                              "mprofpp run [OPTIONS] PROGRAM [ARGUMENTS]"});
    }
    auto options = recording_.make(console);
    if (!options) return refuse(console, options.error());
    auto marks = marking_.make(recording_.output());
    if (!marks) return refuse(console, marks.error());
    options->marks = std::move(*marks);
    const auto log = recording_.open_log();
    if (!log) return refuse(console, log.error());

    auto target = launch_of(with_interpreter(program_, python()), std::move(start_state));
    if (!target) return refuse(console, target.error());
    options->target = std::move(*target);
    options->at_timeout = kill_ ? record::AtTimeout::terminate : record::AtTimeout::leave;
    options->until = wait_all_ ? record::Until::tree_ends : record::Until::root_ends;
    LeakWatch watch;
    auto listener = recording_.listener(console, watch);
    const auto outcome = record::record(*options, listener, recording_.sinks(watch));
    if (!outcome) {
      console.report(recording_.explain(outcome.error()));
      return exit_status_of(outcome.error().cause);
    }
    if (!outcome->figures)
      console.report(no_samples(*outcome, *options));
    else if (!recording_.quiet())
      print(
          run_summary(*outcome, *options, recording_.summary(), recording_.growth(*outcome, watch)),
          console);
    return status_of(*outcome);
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::recorder_failed;
  }

  Python python() const {
    if (no_python_) return Python::never;
    return python_ ? Python::always : Python::by_name;
  }

  int status_of(const record::Outcome& outcome) const {
    const int status = exit_status_of(outcome);
    return no_exit_code_ && status == outcome.status ? exit_status::success : status;
  }

  Arguments program_;
  RecordingOptions recording_;
  MarkingOptions marking_;
  bool kill_ = false;
  bool wait_all_ = false;
  bool attach_ = false;
  bool exit_code_ = false;
  bool no_exit_code_ = false;
  bool python_ = false;
  bool no_python_ = false;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace mprofpp::app
