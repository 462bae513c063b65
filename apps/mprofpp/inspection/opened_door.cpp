#include "inspection/opened_door.hpp"

#include <sys/un.h>

#include <filesystem>
#include <string>
#include <thread>

#include "cli/layout.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inject/door.hpp"
#include "mprofpp/inspect/requests.hpp"
#include "mprofpp/inspect/socket.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/parse.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::app {
namespace {

/// A door that is about to close still accepts a connection.
constexpr int most_tries = 5;
constexpr auto between_tries = std::chrono::milliseconds(20);

/// Returns the path of the socket in the folder of the run that has started the process; empty if there is
/// no such folder, or its path is too long for a socket.
std::string socket_in_run(pid_t pid) {
  const auto environment = read_file(proc::path_of(pid, "environ")).value_or("");
  const auto folder = proc::variable_in(environment, wire::run_variable).value_or("");
  std::error_code error;
  if (folder.empty() || !std::filesystem::is_directory(folder, error)) return {};
  auto path = std::string(folder) + "/" + wire::door::socket_prefix + std::to_string(pid);
  return path.size() < sizeof sockaddr_un::sun_path ? path : std::string();
}

inject::Payload payload_for(const std::string& socket) {
  const auto layout = find_layout();
  const bool has_own = check_part(layout.attached_agent).has_value();
  return {.library = has_own ? layout.attached_agent : layout.agent, .socket = socket};
}

Result<OpenedDoor> greeted(Fd socket, std::optional<Duration> stopped) {
  OpenedDoor door{inspect::Client(std::move(socket)), stopped};
  if (auto hello = inspect::say_hello(door.client); !hello) return Failure(hello.error());
  return door;
}

/// Connects to the door if it is open already.
std::optional<OpenedDoor> open_already(pid_t pid, const std::string& socket) {
  if (socket.empty()) return std::nullopt;
  auto connection = inspect::connect_to_process(pid, socket);
  if (!connection) return std::nullopt;
  auto door = greeted(std::move(*connection), std::nullopt);
  return door ? std::optional(std::move(*door)) : std::nullopt;
}

Result<OpenedDoor> opened(pid_t pid, const std::string& socket) {
  auto door = inject::open_door(pid, payload_for(socket));
  if (!door) return Failure(std::move(door.error()));
  return greeted(std::move(door->socket), door->stopped);
}

}  // namespace

Result<OpenedDoor> open_door(pid_t pid) {
  const auto socket = socket_in_run(pid);
  for (int tries = 1;; ++tries) {
    if (auto door = open_already(pid, socket)) return std::move(*door);
    auto door = opened(pid, socket);
    if (door) return door;
    const bool is_closing = door.error().code == Errc::vanished && proc::is_alive(pid);
    if (!is_closing || tries == most_tries) return Failure(at_process(pid, door.error()));
    std::this_thread::sleep_for(between_tries);
  }
}

std::string place_of(pid_t pid) {
  return "process " + std::to_string(pid);
}

Error at_process(pid_t pid, Error error) {
  error.place = place_of(pid);
  if (error.code == Errc::vanished && !proc::is_alive(pid)) error.what = "has ended";
  if (error.hint.empty() && error.code == Errc::busy) error.hint = "--max-pause 2s waits longer";
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
