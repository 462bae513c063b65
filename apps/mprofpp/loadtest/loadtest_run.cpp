#include "loadtest/loadtest_run.hpp"

#include <signal.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/verdict_status.hpp"
#include "console/shell_quote.hpp"
#include "loadtest/ready_wait.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/ended.hpp"
#include "options/launched_program.hpp"
#include "options/marking_options.hpp"
#include "options/python_program.hpp"

namespace mprofpp::app {
namespace {

int refuse(const Console& console, const Error& error) {
  console.report(error);
  return exit_status::usage;
}

/// The recording is read again after each round, so it must be a file.
Result<void> check_output(const std::string& output) {
  std::error_code ignored;
  const bool is_other = std::filesystem::exists(output, ignored) &&
                        !std::filesystem::is_regular_file(output, ignored);
  if (output != "-" && !is_other) return {};
  return fail(Errc::invalid_argument, "--output", "the recording must be a file", "-o FILE.dat");
}

/// Returns the signals that are blocked now, before this process blocks others.
sigset_t blocked_signals() {
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

}  // namespace

void LoadtestRun::bind(CLI::App& app) {
  options_.bind(app);
  recording_.bind(app, Recorded::service);
}

int LoadtestRun::run(const Console& console) {
  // first, before a file is opened or a signal blocked: the service inherits what mprofpp inherited
  auto state = launch::read_start_state();
  launch::raise_descriptor_limit();
  if (program_.empty()) {
    return refuse(console, {Errc::invalid_argument, "loadtest", "no service to test",
                            "mprofpp loadtest --load COMMAND -- PROGRAM [ARGUMENTS]"});
  }
  if (const auto checked = check_output(recording_.output()); !checked)
    return refuse(console, checked.error());
  auto options = recorder_options(console, std::move(state));
  if (!options) return refuse(console, options.error());
  const auto plan = options_.plan(options->interval);
  if (!plan) return refuse(console, plan.error());
  if (const auto free = check_ports_are_free(plan->ready, plan->loads); !free)
    return refuse(console, free.error());
  return test(*plan, *options, console);
}

Result<record::Options> LoadtestRun::recorder_options(const Console& console,
                                                      launch::StartState state) const {
  auto options = recording_.make(console);
  if (!options) return options;
  auto marks = MarkingOptions().make(recording_.output());
  if (!marks) return Failure(marks.error());
  options->marks = std::move(*marks);
  auto target = launch_of(with_interpreter(program_, Python::by_name), std::move(state));
  if (!target) return Failure(target.error());
  options->target = std::move(*target);
  return options;
}

int LoadtestRun::test(const LoadtestPlan& plan, const record::Options& options,
                      const Console& console) const {
  const auto mask = blocked_signals();
  auto watch = Watch::open();
  if (!watch) return refuse(console, watch.error());
  auto service = Service::start(options, recording_, *watch);
  if (!service) return refuse(console, service.error());
  Loadtest test(plan, progress(), console, *service, *watch);
  const auto done = test.run(mask);
  service->stop(*watch);
  end_children(*watch);
  if (const auto signal = watch->stop_signal()) {
    constexpr int first_signal = 128;
    const auto& path = service->recording();
    console.note(path.empty() ? "interrupted"
                              : "interrupted; " + visible(path) + " has what was recorded");
    return first_signal + *signal;
  }
  if (!done) {
    if (service->state() == Service::State::not_started)
      return exit_status::usage;  // it was reported
    const int status = report_trouble(done.error(), test, console);
    if (!service->recording().empty()) {
      console.note("the recording is kept: " + visible(service->recording()));
    }
    return status;
  }
  return print({.file = service->recording(),
                .service = command_for_shell(program_),
                .metric = options.metric,
                .loads = test.loads()},
               console);
}

int LoadtestRun::report_trouble(const Error& error, const Loadtest& test,
                                const Console& console) const {
  constexpr std::size_t shown_lines = 5;
  console.report(error);
  const auto lines = last_lines(test.printed(), shown_lines);
  for_each_line(lines,
                [&](std::string_view line) { console.note("it printed: " + std::string(line)); });
  return exit_status::usage;
}

int LoadtestRun::print(const report::LoadtestResult& result, const Console& console) const {
  switch (options_.format()) {
    case LoadtestFormat::text:
      console.print(report::loadtest_text(result));
      break;
    case LoadtestFormat::json:
      console.print(report::loadtest_json(result));
      break;
    case LoadtestFormat::markdown:
      console.print(report::loadtest_markdown(result));
      break;
  }
  if (!recording_.quiet()) {
    console.note(console.faint("next: mprofpp plot " + quoted_for_shell(result.file)));
  }
  if (!console.printed()) return exit_status::usage;
  return status_of(report::verdict_of(result));
}

Progress LoadtestRun::progress() const {
  if (recording_.quiet()) return Progress::quiet;
  return recording_.verbose() ? Progress::all : Progress::rounds;
}

}  // namespace mprofpp::app
