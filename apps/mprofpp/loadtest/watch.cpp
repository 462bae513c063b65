#include "loadtest/watch.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "mprofpp/launch/ended.hpp"

namespace mprofpp::app {
namespace {

bool asks_to_stop(int signal) {
  constexpr std::array stopping = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  const bool stops = std::find(stopping.begin(), stopping.end(), signal) != stopping.end();
  return stops && !launch::is_ignored(signal);
}

}  // namespace

Result<Watch> Watch::open() {
  auto inbox = launch::SignalInbox::open();
  if (!inbox) return Failure(inbox.error());
  return Watch(std::move(*inbox));
}

void Watch::wait(Duration longest, int fd) {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(std::max(longest, Duration{}));
  std::array<pollfd, 2> waited = {pollfd{inbox_.fd(), POLLIN, 0}, pollfd{fd, POLLIN, 0}};
  ::poll(waited.data(), waited.size(), static_cast<int>(time.count()));
  take_signals();
  reap();
}

void Watch::add(pid_t child, Group group) {
  children_[child] = {group, std::nullopt};
}

std::optional<int> Watch::status_of(pid_t child) const {
  const auto known = children_.find(child);
  return known == children_.end() ? std::nullopt : known->second.status;
}

void Watch::take_signals() {
  for (const auto& signal : inbox_.take()) {
    if (!asks_to_stop(signal.number)) continue;
    ++stop_signals_;
    if (!stop_signal_) stop_signal_ = signal.number;
  }
}

void Watch::reap() {
  while (const auto pid = launch::next_ended()) {
    const auto known = children_.find(*pid);
    const bool is_known = known != children_.end();
    // before the leader is reaped: after that, the number may be that of another group
    if (is_known && known->second.group == Group::is_killed) ::kill(-*pid, SIGKILL);
    const auto ended = launch::reap(*pid);
    if (is_known) known->second.status = ended.status;
  }
}

}  // namespace mprofpp::app
