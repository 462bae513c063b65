#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "command.hpp"
#include "layout.hpp"
#include "marker.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/launch/target.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::app {
namespace {

/// Where a span lies: in the lane of the process that called the outermost one, within another or
/// none.
struct Surrounding {
  model::ProcessId lane;
  std::uint64_t call = 0;
};

std::optional<Surrounding> surrounding_span() {
  const char* value = std::getenv(wire::span_variable);
  if (value == nullptr) return std::nullopt;
  const std::string_view text(value);
  const auto first = text.find('.');
  const auto second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto pid = parse_integer<pid_t>(text.substr(0, first));
  const auto start = parse_integer<std::uint64_t>(text.substr(first + 1, second - first - 1));
  const auto call = parse_integer<std::uint64_t>(text.substr(second + 1));
  if (!pid || !start || !call) return std::nullopt;
  return Surrounding{{*pid, *start}, *call};
}

std::string text_of(const Surrounding& span) {
  return std::to_string(span.lane.pid) + '.' + std::to_string(span.lane.start) + '.' +
         std::to_string(span.call);
}

/// Waits for the command; passes on what was sent to us alone, as `run` does.
int wait_for(pid_t pid, launch::SignalInbox& inbox) {
  while (true) {
    pollfd waiting{inbox.fd(), POLLIN, 0};
    ::poll(&waiting, 1, -1);
    for (const auto& signal : inbox.take()) {
      const bool is_ours_alone = signal.sender == launch::Signal::Sender::process;
      if (signal.number != SIGCHLD && is_ours_alone) ::kill(pid, signal.number);
    }
    while (const auto ended = launch::next_ended()) {
      const auto end = launch::reap(*ended);
      if (end.pid == pid) return end.status;
    }
  }
}

class SpanCommand : public Command {
 public:
  Operands operands() const override { return Operands::program; }
  std::string program_words() const override { return "NAME -- COMMAND [ARGUMENT …]"; }
  int usage_status() const override { return exit_status::recorder_failed; }
  void set_program(std::vector<std::string> words) override { words_ = std::move(words); }

  void bind(CLI::App& app) override {
    app.description(
        "Runs COMMAND, and shows the time it takes as a span of that name in the recording that "
        "is\n"
        "being made, spans within spans included. Where nothing is recorded it only runs COMMAND.");
    app.footer(
        "examples:\n"
        "  mprofpp span \"load tables\" -- psql -f tables.sql\n"
        "  mprofpp run -C sh -c 'mprofpp span sort -- sort big > sorted; mprofpp span pack -- gzip "
        "sorted'\n"
        "\n"
        "exit status: the command's own, 128+n when signal n ended it, 125 when mprofpp failed, "
        "126\n"
        "when the command cannot be executed, 127 when there is none of that name.");
  }

  int run(const Console& console) override {
    auto surroundings = launch::take_surroundings();
    if (!cut_words()) {
      console.report({Errc::invalid_argument, "span", "a name and a command are wanted",
                      "mprofpp span NAME -- COMMAND"});
      return exit_status::recorder_failed;
    }
    auto inbox = launch::SignalInbox::open();
    if (!inbox) return fail_with(console, inbox.error());
    auto marker = open_marker(console);
    const auto outer = surrounding_span().value_or(Surrounding{lane_, 0});
    std::uint64_t call = 0;
    if (marker) {
      call = marker->enter(name_, outer.call);
      surroundings.environment.set(wire::span_variable, text_of({lane_, call}));
    }
    const int status = run_command(surroundings, *inbox, console);
    if (marker) marker->leave(call);
    return status;
  }

 private:
  static int fail_with(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::recorder_failed;
  }

  /// NAME, then `--` or not, then the command.
  bool cut_words() {
    if (words_.empty()) return false;
    name_ = words_.front();
    words_.erase(words_.begin());
    if (!words_.empty() && words_.front() == "--") words_.erase(words_.begin());
    return !name_.empty() && !words_.empty();
  }

  /// None where nothing is recorded. A mark that cannot be handed over is no reason not to run the
  /// command, but one to say so.
  std::optional<Marker> open_marker(const Console& console) {
    const auto folder = folder_of_this_run();
    if (folder.empty()) return std::nullopt;
    const auto outer = surrounding_span();
    auto lane = outer ? Result<model::ProcessId>(outer->lane) : identify_caller(folder);
    if (!lane) return std::nullopt;
    lane_ = *lane;
    auto marker = Marker::open(folder, lane_);
    if (!marker) {
      console.warn("span " + name_ + ": " + marker.error().what + "; the command runs without");
      return std::nullopt;
    }
    return std::optional<Marker>(std::move(*marker));
  }

  int run_command(const launch::Surroundings& surroundings, launch::SignalInbox& inbox,
                  const Console& console) const {
    auto target = launch::Target::hold({words_, find_layout().hold}, surroundings);
    if (!target) return fail_with(console, target.error());
    const auto released = target->release();
    if (released) return wait_for(target->pid(), inbox);
    if (released.error().code != Errc::not_found) {
      console.report(released.error());
      return exit_status::not_executable;
    }
    console.report(as_not_found(released.error()));
    return exit_status::not_found;
  }

  /// `span load tables -- psql` has named a span "load", and "tables" is no program.
  Error as_not_found(Error error) const {
    if (std::find(words_.begin(), words_.end(), "--") != words_.end()) {
      error.hint = "a name of several words goes into quotes: mprofpp span \"" + name_ + ' ' +
                   words_.front() + "\" -- COMMAND";
    }
    return error;
  }

  std::vector<std::string> words_;
  std::string name_;
  model::ProcessId lane_;
};

}  // namespace

std::unique_ptr<Command> make_span_command() {
  return std::make_unique<SpanCommand>();
}

}  // namespace mprofpp::app
