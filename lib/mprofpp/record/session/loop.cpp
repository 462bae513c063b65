#include "mprofpp/record/session/loop.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

namespace mprofpp::record {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

bool is_continue(const launch::Signal& signal) {
  return signal.number == SIGCONT;
}

}  // namespace

bool ends_recording(const launch::Signal& signal) {
  const bool is_news = signal.number == SIGCHLD || signal.number == SIGWINCH;
  return !is_news && !launch::is_ignored(signal.number);
}

Loop::Loop(launch::SignalInbox inbox, Recording& recording, const Options& options)
    : options_(options),
      recording_(recording),
      inbox_(std::move(inbox)),
      ticker_(recording.clock().steady_start(), options.interval),
      tick_timer_(context_),
      timeout_timer_(context_),
      signals_(context_, inbox_.fd()) {
  if (recording.marks() != nullptr) mark_watch_.emplace(context_, recording);
}

void Loop::run(Events& events) {
  events_ = &events;
  wait_for_signals();
  if (options_.timeout) call_after(*options_.timeout, [this] { events_->time_is_up(); });
  events.started();
  tick();
  context_.run();
}

void Loop::finish(model::EndReason end, Instant t) {
  recording_.finish(end, t, std::exchange(missed_, 0));
  finished_ = true;
  context_.stop();
}

bool Loop::take_signals() {
  const auto signals = inbox_.take();
  const bool continued = std::any_of(signals.begin(), signals.end(), is_continue);
  const bool was_stopped = continued && add_stop();
  const auto slept = sleep_watch_.slept(SleepWatch::read());
  if (slept > Duration::zero()) recording_.suspended(slept);
  for (const auto& signal : signals) {
    if (!finished_ && !is_continue(signal)) events_->take(signal);
  }
  return was_stopped || slept > Duration::zero();
}

void Loop::call_after(Duration delay, std::function<void()> what) {
  timeout_timer_.expires_after(delay);
  timeout_timer_.async_wait([what = std::move(what)](const ErrorCode& error) {
    if (!error) what();
  });
}

/// Reads the clock before taking the signals, so that a stop which the clock has seen is among them.
/// A stop after that belongs to the next tick.
void Loop::tick() {
  Instant now = recording_.clock().now();
  while (take_signals() && !finished_) now = recording_.clock().now();
  if (finished_) return;
  recording_.tick(now, std::exchange(missed_, 0), ticker_.next_due());
  const auto done = Clock::Steady::now();
  take_signals();
  if (finished_) return;
  ticker_.set_interval(recording_.interval());
  missed_ = ticker_.advance(done);
  if (events_->is_over()) return finish(events_->how_it_ended());
  if (!recording_.going_on()) return events_->give_up();
  tick_timer_.expires_at(ticker_.due());
  tick_timer_.async_wait([this](const ErrorCode& error) {
    if (!error) tick();
  });
}

void Loop::wait_for_signals() {
  signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const ErrorCode& error) {
    if (error) return;
    take_signals();
    if (!finished_) wait_for_signals();
  });
}

/// Records the time in which the recorder was stopped, and returns true if it was. It was stopped if
/// ticks are overdue after a SIGCONT: on a busy machine ticks are late without a SIGCONT.
bool Loop::add_stop() {
  const auto now = Clock::Steady::now();
  const Duration overdue = now - ticker_.due();
  if (overdue < recording_.interval()) return false;
  ticker_.skip_to(now);
  recording_.suspended(overdue);
  return true;
}

}  // namespace mprofpp::record
