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

std::optional<int> Watch::status_of(pid_t child) const {
  const auto known = statuses_.find(child);
  return known == statuses_.end() ? std::nullopt : std::optional(known->second);
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
    const auto ended = launch::reap(*pid);
    statuses_[ended.pid] = ended.status;
  }
}

}  // namespace mprofpp::app
