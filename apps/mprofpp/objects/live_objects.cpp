#include "objects/live_objects.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "cli/exit_status.hpp"
#include "inspection/signal_watch.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/instances.hpp"
#include "mprofpp/proc/files.hpp"
#include "objects/looks.hpp"
#include "objects/unknown_type.hpp"
#include "options/process_operand.hpp"

namespace mprofpp::app {
namespace {

using inspect::Census;

/// Returns true if a signal has arrived before that time.
bool is_interrupted(const SignalWatch& signals, std::chrono::steady_clock::time_point until) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now())
            .count();
    if (left <= 0) return signals.next().has_value();
    constexpr long longest = 60'000;
    pollfd entry{signals.descriptor(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(std::min(left, longest))) > 0) return true;
  }
}

}  // namespace

int LiveObjects::run(const std::vector<std::string>& operands) {
  bool is_complete = true;
  for (const auto& operand : operands) is_complete = add(operand) && is_complete;
  if (!options_.around().empty()) return is_complete ? print_calls() : exit_status::failure;
  if (options_.is_repeated() && !processes_.empty()) {
    const int status = repeat();
    return is_complete ? status : exit_status::failure;
  }
  is_complete = print_all() && is_complete;
  return is_complete ? exit_status::success : exit_status::failure;
}

bool LiveObjects::add(const std::string& operand) {
  const auto process = find_process(operand, console_);
  if (process) add_tree(process->pid);
  return process.has_value();
}

void LiveObjects::add_tree(pid_t pid) {
  processes_.push_back({.pid = pid, .command = proc::read_command(pid).value_or("")});
  if (!options_.has_children()) return;
  for (const pid_t child : proc::read_children(pid)) add_tree(child);
}

int LiveObjects::repeat() {
  const auto signals = SignalWatch::make({SIGINT, SIGTERM, SIGHUP});
  if (!signals) {
    console_.report(signals.error());
    return exit_status::failure;
  }
  const auto start = Clock::now();
  const auto end = options_.timeout() ? start + *options_.timeout() : Clock::time_point::max();
  bool is_complete = print_all();
  const bool has_printed = !processes_.empty();
  for (auto next = start + options_.interval(); next <= end; next += options_.interval()) {
    if (processes_.empty() || !console_.printed()) break;
    if (is_interrupted(*signals, next)) return exit_status::success;
    print_all();
    next =
        std::max(next, Clock::now() - options_.interval());  // after a suspension, go on from now
  }
  return has_printed && is_complete ? exit_status::success : exit_status::failure;
}

int LiveObjects::print_calls() {
  constexpr Duration usual_wait = std::chrono::minutes(1);
  const auto signals = SignalWatch::make({SIGINT, SIGTERM, SIGHUP});
  if (!signals) {
    console_.report(signals.error());
    return exit_status::failure;
  }
  int interruptions = 0;
  // the first one is answered when no hook is left
  const auto read = [&] {
    if (!signals->next()) return inspect::Wish::nothing;
    return ++interruptions == 1 ? inspect::Wish::interrupt : inspect::Wish::leave;
  };
  const inspect::Control control{signals->descriptor(), read};
  const inspect::AroundCall around{.pattern = options_.around(),
                                   .wait = options_.timeout().value_or(usual_wait),
                                   .census = options_.census()};
  for (std::size_t i = 0; i < options_.calls() && console_.printed(); ++i) {
    const auto text = look_around_call(processes_.front(), around, control);
    if (text && !text->empty()) console_.print((i == 0 || options_.is_json() ? "" : "\n") + *text);
    if (interruptions > 0) return exit_status::interrupted;
    if (!text) {
      console_.report(text.error());
      return exit_status::failure;
    }
  }
  return exit_status::success;
}

Result<std::string> LiveObjects::look_around_call(Watched& process,
                                                  const inspect::AroundCall& around,
                                                  const inspect::Control& control) {
  if (!process.door) {
    auto door = open_door(process.pid);
    if (!door) return Failure(std::move(door.error()));
    process.door.emplace(std::move(*door));
  }
  auto growth = inspect::take_call_growth(process.door->client, around, control);
  if (!growth) return Failure(at_process(process.pid, std::move(growth.error())));
  if (!*growth) return std::string();
  auto& call = **growth;
  call.after.held = call.held;
  note_pause(process, call.held);
  const inspect::ObjectsLook objects{
      .process = {process.pid, process.command, call.after.python},
      .now = std::move(call.after),
      .before = inspect::EarlierCensus{std::move(call.before), call.duration},
      .function = call.function};
  return options_.is_json() ? inspect::objects_json(objects)
                            : inspect::objects_text(objects, table());
}

bool LiveObjects::print_all() {
  std::string text;
  bool is_complete = true;
  std::vector<Watched> alive;
  for (auto& process : processes_) {
    auto part = look_at(process);
    if (part) {
      text += (text.empty() || options_.is_json() ? "" : "\n") + *part;
      alive.push_back(std::move(process));
    } else {
      console_.report(part.error());
      is_complete = false;
    }
  }
  processes_ = std::move(alive);
  if (!text.empty()) print_text(text);
  return is_complete;
}

/// On a terminal, a table takes the place of the one before it.
void LiveObjects::print_text(const std::string& text) {
  const bool is_plain = options_.is_json() || !console_.is_stdout_terminal();
  if (!is_first_ && !is_plain) console_.print("\033[" + std::to_string(printed_lines_) + "A\033[J");
  if (!is_first_ && is_plain && !options_.is_json()) console_.print("\n");
  console_.print(text);
  printed_lines_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  is_first_ = false;
}

Result<std::string> LiveObjects::look_at(Watched& process) {
  if (!process.door) {
    auto door = open_door(process.pid);
    if (!door) return Failure(std::move(door.error()));
    process.door.emplace(std::move(*door));
  }
  return options_.type().empty() ? look_at_types(process) : look_at_instances(process);
}

Result<std::string> LiveObjects::look_at_types(Watched& process) {
  auto census = inspect::take_census(process.door->client, options_.census());
  if (!census) return Failure(at_process(process.pid, std::move(census.error())));
  note_pause(process, census->held);
  const inspect::ObjectsLook objects{.process = {process.pid, process.command, census->python},
                                     .now = *census,
                                     .before = census_before(process)};
  keep(process, *census);
  return options_.is_json() ? inspect::objects_json(objects)
                            : inspect::objects_text(objects, table());
}

Result<std::string> LiveObjects::look_at_instances(Watched& process) {
  const auto look = table();
  constexpr std::size_t most = 10000;
  auto instances =
      inspect::find_instances(process.door->client, {.type = options_.type(),
                                                     .count = look.rows == 0 ? most : look.rows,
                                                     .runs_code = options_.runs_code(),
                                                     .patience = options_.pause()});
  if (!instances) return Failure(at_process(process.pid, std::move(instances.error())));
  if (instances->types.empty())
    return Failure(at_process(process.pid, unknown_type(options_.type(), instances->near)));
  note_pause(process, instances->held);
  const inspect::ShownProcess shown{process.pid, process.command, instances->python};
  return options_.is_json() ? inspect::instances_json(shown, *instances)
                            : inspect::instances_text(shown, *instances, look);
}

std::optional<inspect::EarlierCensus> LiveObjects::census_before(const Watched& process) const {
  if (process.last) return inspect::EarlierCensus{*process.last, Clock::now() - process.last_time};
  const auto looks = Looks::open();
  if (!looks) return std::nullopt;
  const auto look = looks->last(process.pid, options_.kind_of_look());
  if (!look) return std::nullopt;
  auto census = inspect::parse_census(look->text);
  if (!census) return std::nullopt;
  return inspect::EarlierCensus{std::move(*census), look->ago};
}

/// A look that cannot be kept is not a failure: only the next one lacks its growth.
void LiveObjects::keep(Watched& process, const Census& census) {
  process.last = census;
  process.last_time = Clock::now();
  const auto looks = Looks::open();
  const auto kept =
      looks ? looks->keep(process.pid, options_.kind_of_look(), inspect::stored_census(census))
            : Result<void>(Failure(looks.error()));
  if (kept || has_warned_) return;
  console_.warn(message_of(kept.error()) + "; the next look will show no growth");
  has_warned_ = true;
}

void LiveObjects::note_pause(const Watched& process, Duration held) const {
  if (!options_.is_verbose()) return;
  auto text = place_of(process.pid) + ": Python waited " + readable(held);
  if (process.door->stopped)
    text += ", and the program was stopped for " + readable(*process.door->stopped);
  console_.note(text);
}

inspect::TableLook LiveObjects::table() const {
  constexpr int rows_of_text = 6;  // above and below a table
  const auto count = static_cast<int>(std::max<std::size_t>(processes_.size(), 1));
  auto look = table_look(console_, options_.rows(), rows_of_text * count);
  if (!options_.rows() && console_.is_stdout_terminal())
    look.rows = std::max<std::size_t>(look.rows / static_cast<std::size_t>(count), 3);
  return look;
}

}  // namespace mprofpp::app
