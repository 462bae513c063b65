#include "mprofpp/inject/door.hpp"

#include <signal.h>

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

/// Returns the path of the socket on which the agent has to listen; empty if it makes a connection itself.
std::string listening_path(const std::vector<std::string>& request) {
  constexpr std::string_view name = "DOOR=";
  for (const auto& each : request) {
    if (each.starts_with(name)) return each.substr(name.size());
  }
  return {};
}

Result<Fd> socket_of(pid_t pid, const DoorState& door, const std::string& path) {
  return path.empty() ? take_socket(pid, door.descriptor) : connect_to(pid, path);
}

Result<Fd> await_socket(const Order& order, const LoadedAgent& agent, const Limits& limits) {
  const ProcessMemory memory(order.pid);
  const auto path = listening_path(order.request);
  const auto deadline = std::chrono::steady_clock::now() + limits.patience;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto door = memory.value_at<DoorState>(agent.door_state);
    if (!door) return fail(Errc::vanished, "", "has ended");
    if (door->state == DoorState::open) return socket_of(order.pid, *door, path);
    if (door->state == DoorState::failed)
      return fail_errno(-door->descriptor, "", "the agent in it failed");
    std::this_thread::sleep_for(100us);
  }
  return fail(Errc::busy, "", "the agent in it does not answer");
}

Result<Order> order_for(pid_t pid, const Payload& payload) {
  const auto status = proc::read_status(pid);
  if (!status) return Failure(status.error());
  auto agent = read_loadable_part(payload.library);
  if (!agent) return Failure(agent.error());
  auto name = payload.library.substr(payload.library.rfind('/') + 1);
  return Order{pid, status->innermost_pid, std::move(name), std::move(*agent), payload.request};
}

Result<Door> enter(pid_t pid, const Payload& payload, const Limits& limits) {
  if (auto done = check_processor(); !done) return Failure(done.error());
  if (auto done = examine(pid); !done) return Failure(done.error());
  const auto order = order_for(pid, payload);
  if (!order) return Failure(order.error());
  auto asked = enter_by_script(*order);
  if (!asked) return Failure(asked.error());
  const auto entered = *asked ? Result<Entered>(**asked) : enter_by_tracing(*order, limits);
  if (!entered) return Failure(entered.error());
  auto socket = await_socket(*order, entered->agent, limits);
  if (!socket) return Failure(socket.error());
  return Door{std::move(*socket), entered->stopped};
}

}  // namespace

Result<Door> open_door(pid_t pid, const Payload& payload, const Limits& limits) {
  const WaitingSignals waiting;
  auto door = enter(pid, payload, limits);
  if (!door && door.error().place.empty()) door.error().place = std::to_string(pid);
  return door;
}

}  // namespace mprofpp::inject
