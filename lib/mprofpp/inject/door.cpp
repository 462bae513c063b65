#include "mprofpp/inject/door.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <thread>

#include "mprofpp/inject/loadable.hpp"
#include "mprofpp/inject/memory.hpp"
#include "mprofpp/inject/ptrace/injection.hpp"
#include "mprofpp/inject/script.hpp"
#include "mprofpp/inject/socket.hpp"
#include "mprofpp/inject/target.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

using namespace std::chrono_literals;

/// Signals that would end this program wait while it exists: a process that was stopped in the middle of a
/// call would not survive our end.
class WaitingSignals {
 public:
  WaitingSignals() {
    sigset_t ends;
    ::sigemptyset(&ends);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaddset(&ends, signal);
    ::pthread_sigmask(SIG_BLOCK, &ends, &before_);
  }
  WaitingSignals(const WaitingSignals&) = delete;
  WaitingSignals& operator=(const WaitingSignals&) = delete;
  ~WaitingSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Connects to the socket that the process names.
Result<Fd> socket_of(pid_t pid, const DoorState& door) {
  const std::string_view name(door.socket, ::strnlen(door.socket, sizeof door.socket));
  return connect_to(pid, std::string(name));
}

/// Finds the agent in a process; nothing if it is not loaded, or if the process's memory cannot be read: then
/// the kernel gives the reason when it is to be traced.
Result<std::optional<LoadedAgent>> loaded_agent(pid_t pid, const std::string& name) {
  const ProcessMemory memory(pid);
  const auto maps = read_maps(pid);
  if (!maps) return std::optional<LoadedAgent>();
  return find_agent(memory, *maps, name);
}

/// Returns the connection to a door that is open already; nothing if it is closed, or is about to be.
std::optional<Fd> connected_before(pid_t pid, const LoadedAgent& agent) {
  const auto door = ProcessMemory(pid).value_at<DoorState>(agent.door_state);
  if (!door || door->state != DoorState::open) return std::nullopt;
  auto socket = socket_of(pid, *door);
  return socket ? std::optional(std::move(*socket)) : std::nullopt;
}

/// Waits until the agent listens. A door that was about to close when the agent was called may stay closed.
Result<Fd> await_socket(const Order& order, const LoadedAgent& agent, const Limits& limits) {
  constexpr Duration time_to_open = 2s;
  const ProcessMemory memory(order.pid);
  const auto deadline = std::chrono::steady_clock::now() + std::min(limits.patience, time_to_open);
  while (std::chrono::steady_clock::now() < deadline) {
    const auto door = memory.value_at<DoorState>(agent.door_state);
    if (!door) return fail(Errc::vanished, "", "has ended");
    if (door->state == DoorState::open) return socket_of(order.pid, *door);
    if (door->state == DoorState::failed)
      return fail_errno(door->error, "", "the agent in it failed");
    std::this_thread::sleep_for(100us);
  }
  return fail(Errc::vanished, "", "has closed its door");
}

std::string name_in(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Returns the order to open the door. It has the bytes of the agent only if that is not loaded.
Result<Order> order_for(pid_t pid, const Payload& payload,
                        const std::optional<LoadedAgent>& loaded) {
  const auto status = proc::read_status(pid);
  if (!status) return Failure(status.error());
  auto agent = loaded ? Result<std::string>() : read_loadable_part(payload.library);
  if (!agent) return Failure(agent.error());
  auto request = payload.request;
  request.push_back(std::string(wire::door::socket_name) + "=" +
                    (payload.socket.empty() ? unguessable_name() : payload.socket));
  return Order{pid, status->innermost_pid, name_in(payload.library), std::move(*agent),
               std::move(request)};
}

Result<Door> enter(pid_t pid, const Payload& payload, const Limits& limits) {
  if (auto done = check_processor(); !done) return Failure(done.error());
  if (auto done = examine(pid); !done) return Failure(done.error());
  if (!payload.socket.empty()) {
    auto open = connect_to(pid, payload.socket);
    if (open) return Door{std::move(*open), Duration{}};
  }
  const auto loaded = loaded_agent(pid, name_in(payload.library));
  if (!loaded) return Failure(loaded.error());
  auto before = *loaded ? connected_before(pid, **loaded) : std::nullopt;
  if (before) return Door{std::move(*before), Duration{}};
  const auto order = order_for(pid, payload, *loaded);
  if (!order) return Failure(order.error());
  auto asked = enter_by_script(*order);
  if (!asked) return Failure(asked.error());
  const auto entered = *asked ? Result<Entered>(**asked) : enter_by_tracing(*order, limits);
  if (!entered) return Failure(entered.error());
  auto socket = await_socket(*order, entered->agent, limits);
  if (!socket) return Failure(socket.error());
  return Door{std::move(*socket), entered->stopped};
}

/// Returns true if another mprofpp is entering the process, or may have been doing so when we failed: a
/// process can have only one tracer.
bool is_entered_by_another(pid_t pid, const Error& error, int attempt) {
  constexpr int most_attempts = 5;  // without a tracer in sight
  const auto tracer = tracer_of(pid);
  if (tracer == 0) return error.code == Errc::denied && attempt < most_attempts;
  return proc::read_link(tracer, "exe").value_or("").ends_with("/mprofpp");
}

/// Enters the process, after others that are doing so.
Result<Door> enter_in_turn(pid_t pid, const Payload& payload, const Limits& limits) {
  constexpr Duration longest_wait = 2s;
  constexpr auto between_attempts = 5ms;
  const auto deadline = std::chrono::steady_clock::now() + std::max(limits.patience, longest_wait);
  for (int attempt = 0;; ++attempt) {
    auto door = enter(pid, payload, limits);
    const bool is_late = std::chrono::steady_clock::now() > deadline;
    if (door || is_late || !is_entered_by_another(pid, door.error(), attempt)) return door;
    std::this_thread::sleep_for(between_attempts);
  }
}

}  // namespace

Result<Door> open_door(pid_t pid, const Payload& payload, const Limits& limits) {
  const WaitingSignals waiting;
  const bool was_there = proc::is_alive(pid);
  auto door = enter_in_turn(pid, payload, limits);
  if (!door && was_there && !proc::is_alive(pid)) door = fail(Errc::vanished, "", "has ended");
  if (!door && door.error().place.empty()) door.error().place = std::to_string(pid);
  return door;
}

}  // namespace mprofpp::inject
