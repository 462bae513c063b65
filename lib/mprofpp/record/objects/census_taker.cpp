#include "mprofpp/record/objects/census_taker.hpp"

#include <sys/socket.h>

#include <chrono>
#include <thread>
#include <utility>

#include "mprofpp/inject/door.hpp"
#include "mprofpp/inject/run_socket.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

/// How long to wait for a moment at which a process can be entered. The end of the recording waits for that.
constexpr Duration time_to_enter = 300ms;
constexpr int most_attempts = 3;
constexpr Duration between_attempts = 20ms;

bool is_there(const model::ProcessId& process) {
  const auto stat = proc::read_stat(process.pid);
  return stat && stat->start == process.start && stat->state != 'Z';
}

/// Returns true if another client may be the cause: it has just left, and a door that is about to close still
/// accepts a connection.
bool may_pass(const Error& error) {
  return error.code == Errc::vanished;
}

}  // namespace

Result<inspect::Census> DoorCensusTaker::take(const model::ProcessId& process) {
  for (int i = 0;; ++i) {
    if (is_cancelled_ || !is_there(process)) return fail(Errc::vanished, "", "has ended");
    auto census = attempt(process.pid);
    if (census) return census;
    if (census.error().code == Errc::busy && ends_soon(process))
      return fail(Errc::vanished, "", "has ended");
    if (!may_pass(census.error()) || i + 1 == most_attempts) return census;
    std::this_thread::sleep_for(between_attempts);
  }
}

/// Returns true if a process ends within a moment: one that is about to cannot be entered, and has no objects
/// that anybody misses.
bool DoorCensusTaker::ends_soon(const model::ProcessId& process) const {
  constexpr int looks = 10;
  for (int i = 0; i < looks && !is_cancelled_; ++i) {
    if (!is_there(process)) return true;
    std::this_thread::sleep_for(between_attempts);
  }
  return false;
}

Result<inspect::Census> DoorCensusTaker::attempt(pid_t pid) {
  auto door = inject::open_door(pid, {.library = library_, .socket = inject::socket_in_run(pid)},
                                {.patience = time_to_enter});
  if (!door) return Failure(std::move(door.error()));
  inspect::Client client(std::move(door->socket));
  if (!use(client.socket())) return fail(Errc::vanished, "", "is not asked any more");
  auto census =
      inspect::take_census(client, {.marks = inspect::CensusMarks::none, .patience = max_pause_});
  use(-1);
  return census;
}

/// Notes the connection that cancel() is to end. Returns false if it was called already.
bool DoorCensusTaker::use(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = socket;
  return !is_cancelled_;
}

void DoorCensusTaker::cancel() {
  const std::lock_guard lock(mutex_);
  is_cancelled_ = true;
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace mprofpp::record
