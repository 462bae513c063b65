#include "inspection/attached_marks.hpp"

#include <chrono>
#include <utility>

#include "inspection/opened_door.hpp"
#include "mprofpp/inspect/requests.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::app {
namespace {

/// How long a program may keep the lock of its interpreter.
constexpr Duration patience = std::chrono::seconds(2);

/// Returns the variables as a block: see wire::door::listen_verb.
std::string block_of(const std::vector<std::string>& variables) {
  std::string block;
  for (const auto& variable : variables) block.append(variable).append(1, '\0');
  block.append(1, '\0');
  return block;
}

/// Returns the error with the process as its place. There is no option that waits longer.
Error of_process(pid_t pid, Error error) {
  error.place = place_of(pid);
  return error;
}

Result<void> ask(pid_t pid, inspect::Request request) {
  auto door = open_door(pid);
  if (!door) return Failure(std::move(door.error()));
  request.patience = patience;
  request.limit = 2 * patience;
  const auto ending = door->client.ask(request, [](auto, auto) { return true; });
  if (!ending) return Failure(of_process(pid, ending.error()));
  if (ending->status == inspect::Status::done) return {};
  return Failure(of_process(pid, inspect::not_done(*ending)));
}

}  // namespace

Result<void> AttachedMarks::begin(pid_t pid, const std::vector<std::string>& variables) {
  auto begun = ask(pid, {.verb = wire::door::listen_verb, .body = block_of(variables)});
  if (begun) pids_.push_back(pid);
  return begun;
}

std::vector<Error> AttachedMarks::end() {
  std::vector<Error> errors;
  for (const pid_t pid : std::exchange(pids_, {})) {
    auto ended = ask(pid, {.verb = wire::door::end_listen_verb});
    if (ended || ended.error().code == Errc::vanished || !proc::is_alive(pid)) continue;
    errors.push_back(std::move(ended.error()));
  }
  return errors;
}

}  // namespace mprofpp::app
