#include "inspection/opened_door.hpp"

#include <string>
#include <thread>

#include "cli/layout.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inject/door.hpp"
#include "mprofpp/inject/run_socket.hpp"
#include "mprofpp/inspect/requests.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto longest_retries = std::chrono::seconds(1);
constexpr auto between_tries = std::chrono::milliseconds(10);

Result<OpenedDoor> greeted(Fd socket, std::optional<Duration> stopped) {
  OpenedDoor door{inspect::Client(std::move(socket)), stopped};
  if (auto hello = inspect::say_hello(door.client); !hello) return Failure(hello.error());
  return door;
}

Result<OpenedDoor> opened(pid_t pid, const std::string& socket) {
  auto door = inject::open_door(pid, {.library = find_layout().attached_agent, .socket = socket});
  if (!door) return Failure(std::move(door.error()));
  return greeted(std::move(door->socket), door->stopped);
}

/// Returns true if another client may be the cause: it enters the process at this moment, or has just left,
/// and a door that is about to close still accepts a connection.
bool may_pass(const Error& error) {
  return error.code == Errc::busy || error.code == Errc::vanished;
}

Error in_process(pid_t pid, Error error) {
  error.place = place_of(pid);
  if (error.code == Errc::vanished && !proc::is_alive(pid)) error.what = "has ended";
  return error;
}

}  // namespace

Result<OpenedDoor> open_door(pid_t pid) {
  const auto socket = inject::socket_in_run(pid);
  const auto end_of_retries = Clock::now() + longest_retries;
  while (true) {
    auto door = opened(pid, socket);
    if (door) return door;
    const bool is_late = Clock::now() > end_of_retries;
    if (is_late || !may_pass(door.error())) return Failure(in_process(pid, door.error()));
    std::this_thread::sleep_for(between_tries);
  }
}

std::string place_of(pid_t pid) {
  return "process " + std::to_string(pid);
}

Error at_process(pid_t pid, Error error) {
  error = in_process(pid, std::move(error));
  if (error.code == Errc::busy)
    error.hint =
        error.hint.empty() ? "--max-pause 2s waits longer" : error.hint + " with --max-pause";
  if (error.code == Errc::denied && error.hint.empty())
    error.hint = "mprofpp run --allow-console PROGRAM allows it";
  return error;
}

Result<Duration> parse_max_pause(const std::string& text) {
  constexpr Duration usual = std::chrono::milliseconds(200);
  constexpr Duration longest = std::chrono::hours(1);
  if (text.empty()) return usual;
  const auto pause = parse_duration(text);
  if (pause && *pause > Duration::zero() && *pause <= longest) return *pause;
  return fail(Errc::invalid_argument, "--max-pause", "'" + text + "' is not a valid time",
              "write 200ms or 2s");
}

}  // namespace mprofpp::app
