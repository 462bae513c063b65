#include "command.hpp"
#include "layout.hpp"
#include "marking_options.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/session.hpp"
#include "python_program.hpp"
#include "recording_options.hpp"
#include "run_summary.hpp"

namespace mprofpp::app {
namespace {

int failure_status(record::NotRecorded::Cause cause) {
  switch (cause) {
    case record::NotRecorded::Cause::program_not_found:
      return exit_status::not_found;
    case record::NotRecorded::Cause::program_not_executable:
      return exit_status::not_executable;
    case record::NotRecorded::Cause::recorder:
      break;
  }
  return exit_status::recorder_failed;
}

class RunCommand : public Command {
 public:
  Operands operands() const override { return Operands::program; }
  std::optional<Detour> detour() const override {
    if (!attach_) return std::nullopt;
    return Detour{"attach", {"-a", "--attach"}};
  }
  int usage_status() const override { return exit_status::recorder_failed; }
  void set_program(std::vector<std::string> words) override { words_ = std::move(words); }

  void bind(CLI::App& app) override {
    app.description(
        "Starts PROGRAM and records its memory until it ends. Everything behind PROGRAM is the\n"
        "program's own; mprofpp's options come before it. A file NAME.py is run by python3.");
    recording_.bind(app);
    marking_.bind(app);
    const auto flag = [&](const char* names, bool& value, const char* text) {
      app.add_flag(names, value, text);
    };
    flag("--kill", kill_, "with --timeout: end the program too (SIGTERM, 5 s later SIGKILL)");
    flag("--wait-all", wait_all_, "record until the last descendant has ended, not only PROGRAM");
    flag("-a,--attach", attach_, "PROGRAM is a pid or name: mprofpp attach (as in mprof)");
    flag("-E,--exit-code", exit_code_, "return the program's status (the default; as in mprof)");
    flag("--no-exit-code", no_exit_code_, "return 0 however the program ends, as mprof does");
    flag("--python", python_, "run PROGRAM (a file or a module) with python3");
    flag("--nopython", no_python_, "execute PROGRAM itself even if its name ends in .py");
    app.footer(
        "examples:\n"
        "  mprofpp run ./a.out --its-own-option\n"
        "  mprofpp run -C -M -o server.dat gunicorn -w 4 app:app\n"
        "  mprofpp run -T 10ms train.py\n"
        "  mprofpp run -C --trace 'app.*' gunicorn -w 4 app:app    calls with their memory, too\n"
        "\n"
        "Marks of functions: @profile in Python, or --trace; mprofpp.h or -finstrument-functions in C\n"
        "and C++; mprofpp span and mark in scripts. plot --flame draws them, peak --func NAME tells\n"
        "what a function added, peak --func '*' which of all added most.\n"
        "\n"
        "exit status: the program's own, 128+n when signal n ended it, 124 when the time was up,\n"
        "125 when mprofpp failed, 126 when the program cannot be executed, 127 when there is none\n"
        "of that name.");
  }

  int run(const Console& console) override {
    // before a file is opened or a signal blocked: the program is to find what we found
    auto surroundings = launch::take_surroundings();
    launch::raise_descriptor_limit();
    if (words_.empty()) {
      return refuse(console, {Errc::invalid_argument, "run", "no program to record",
                              "mprofpp run [OPTIONS] PROGRAM [ARGUMENTS]"});
    }
    auto options = recording_.make(console);
    if (!options) return refuse(console, options.error());
    const auto own_proc = proc::check_own_proc();
    if (!own_proc) return refuse(console, own_proc.error());
    auto marks = marking_.make(recording_.output());
    if (!marks) return refuse(console, marks.error());
    options->marks = std::move(*marks);
    const auto log = recording_.open_log();
    if (!log) return refuse(console, log.error());

    const auto hold = find_layout().hold;
    if (const auto there = check_part(hold); !there) return refuse(console, there.error());
    options->target =
        record::Launch{{with_interpreter(words_, python()), hold}, std::move(surroundings)};
    options->at_timeout = kill_ ? record::AtTimeout::terminate : record::AtTimeout::leave;
    options->until = wait_all_ ? record::Until::tree_ends : record::Until::root_ends;
    const auto outcome = record::record(*options);
    if (!outcome) {
      console.report(outcome.error().error);
      return failure_status(outcome.error().cause);
    }
    if (!outcome->figures)
      console.report(no_samples(*outcome, *options));
    else if (!recording_.quiet())
      print_run_summary(*outcome, *options, console);
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
    if (outcome.end == record::End::timed_out) return exit_status::timed_out;
    if (outcome.stopped && outcome.status == 0) return exit_status::recorder_failed;
    return no_exit_code_ ? exit_status::success : outcome.status;
  }

  std::vector<std::string> words_;
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
