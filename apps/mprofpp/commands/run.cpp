#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>

#include "command.hpp"
#include "layout.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/record/session.hpp"
#include "mprofpp/store/names.hpp"
#include "python_program.hpp"
#include "run_summary.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_interval = 100us;
constexpr Duration longest_interval = 24h;

Result<Duration> parse_interval(const std::string& text) {
  auto interval = parse_duration(text);
  if (!interval) return fail(Errc::invalid_argument, "--interval", "'" + text + "' is no time",
                             "write 0.1, 50ms or 2s");
  if (*interval >= shortest_interval && *interval <= longest_interval) return interval;
  return fail(Errc::invalid_argument, "--interval", "'" + text + "' is not between 100us and 1d",
              "the default is 0.1, a tenth of a second");
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// mprof's name for a recording begun now; a name that is taken means the next second's.
std::string default_name(int attempt) {
  const std::time_t now = std::time(nullptr) + attempt;
  std::tm local{};
  ::localtime_r(&now, &local);
  return store::default_name(local);
}

int status_of(record::NotRecorded::Cause cause) {
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
  int usage_status() const override { return exit_status::recorder_failed; }
  void set_program(std::vector<std::string> words) override { words_ = std::move(words); }

  void bind(CLI::App& app) override {
    app.description(
        "Starts PROGRAM and records its memory until it ends. Everything behind PROGRAM is the\n"
        "program's own; mprofpp's options come before it. A file NAME.py is run by python3.");
    const auto flag = [&](const char* names, bool& value, const char* text) {
      app.add_flag(names, value, text);
    };
    app.add_option("-T,--interval", interval_, "time between samples: 0.1 (the default), 50ms, 2s")
        ->type_name("TIME");
    flag("-C,--include-children", include_children_, "add the memory of all descendants to the total");
    flag("-M,--multiprocess", multiprocess_, "record every descendant as a line of its own");
    app.add_option("-o,--output", output_,
                   "the recording; %p is the pid, %h the host, %q{VAR} a variable\n"
                   "(default: mprofile_<date and time>.dat)")
        ->type_name("FILE");
    flag("-f,--force", force_, "overwrite an existing FILE");
    flag("-E,--exit-code", exit_code_, "return the program's status (the default; as in mprof)");
    flag("--no-exit-code", no_exit_code_, "return 0 however the program ends, as mprof does");
    flag("--python", python_, "run PROGRAM (a file or a module) with python3");
    flag("--nopython", no_python_, "execute PROGRAM itself even if its name ends in .py");
    flag("-q,--quiet", quiet_, "no summary, no hints; errors only");
    app.add_flag("-v,--verbose", verbosity_, "say what is going on; twice: in detail");
    app.add_option("--log", log_, "write what is going on, in detail, to FILE")->type_name("FILE");
    app.footer(
        "examples:\n"
        "  mprofpp run ./a.out --its-own-option\n"
        "  mprofpp run -C -M -o server.dat gunicorn -w 4 app:app\n"
        "  mprofpp run -T 10ms train.py\n"
        "\n"
        "exit status: the program's own, 128+n when signal n ended it, 125 when mprofpp failed,\n"
        "126 when the program cannot be executed, 127 when there is none of that name.");
  }

  int run(const Console& console) override {
    // before a file is opened or a signal blocked: the program is to find what we found
    const auto surroundings = launch::take_surroundings();
    const auto options = make_options(console);
    if (!options) return refuse(console, options.error());
    const auto log = open_log();
    if (!log) return refuse(console, log.error());

    auto with_surroundings = *options;
    with_surroundings.surroundings = surroundings;
    const auto outcome = record::record(with_surroundings);
    if (!outcome) {
      console.report(outcome.error().error);
      return status_of(outcome.error().cause);
    }
    if (!quiet_) print_run_summary(*outcome, with_surroundings, console);
    if (outcome->stopped && outcome->status == 0) return exit_status::recorder_failed;
    return no_exit_code_ ? exit_status::success : outcome->status;
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::recorder_failed;
  }

  Result<record::Options> make_options(const Console& console) const {
    if (words_.empty()) {
      return fail(Errc::invalid_argument, "run", "no program to record",
                  "mprofpp run [OPTIONS] PROGRAM [ARGUMENTS]");
    }
    const auto interval = parse_interval(interval_);
    if (!interval) return Failure(interval.error());
    const auto python = no_python_ ? Python::never : python_ ? Python::always : Python::by_name;

    record::Options options;
    options.program = {with_interpreter(words_, python), find_layout().hold};
    options.children = children();
    options.interval = *interval;
    options.version = MPROFPP_VERSION;
    options.overwrite = force_ ? store::Overwrite::yes : store::Overwrite::no;
    options.name_attempts = output_.empty() ? 3600 : 1;
    options.name = [output = output_](pid_t pid, int attempt) -> Result<std::string> {
      if (output.empty()) return default_name(attempt);
      return store::expand_name(output, {std::to_string(pid), host_name(), environment_variable});
    };
    options.on_stopped = [&console](const Error& error) {
      console.report(error);
      console.say("the recording ends here, the program goes on");
    };
    return options;
  }

  record::Children children() const {
    using record::Children;
    if (include_children_) return multiprocess_ ? Children::summed_and_apart : Children::summed;
    return multiprocess_ ? Children::apart : Children::left_out;
  }

  Result<std::optional<log::Sink>> open_log() const {
    if (verbosity_ == 0 && log_.empty()) return std::nullopt;
    const auto level = verbosity_ == 0   ? log::Level::warning
                       : verbosity_ == 1 ? log::Level::info
                                         : log::Level::debug;
    auto sink = log::Sink::open({.console = level, .file = log_});
    if (!sink) return Failure(std::move(sink.error()));
    return std::optional<log::Sink>(std::move(*sink));
  }

  std::vector<std::string> words_;
  std::string interval_ = "0.1";
  std::string output_;
  std::string log_;
  bool include_children_ = false;
  bool multiprocess_ = false;
  bool force_ = false;
  bool exit_code_ = false;
  bool no_exit_code_ = false;
  bool python_ = false;
  bool no_python_ = false;
  bool quiet_ = false;
  int verbosity_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace mprofpp::app
