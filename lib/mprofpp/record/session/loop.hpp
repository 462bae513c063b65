#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "mprofpp/launch/signals.hpp"
#include "mprofpp/record/recording.hpp"
#include "mprofpp/record/session/mark_watch.hpp"
#include "mprofpp/record/session/ticker.hpp"

namespace mprofpp::record {

/// Returns true if this signal, sent to a recorder without a running program, ends the recording.
bool ends_recording(const launch::Signal& signal);

/// The event loop of a recording: it runs ticks when they are due, takes signals as they arrive,
/// and watches the timeout. What they mean depends on whether a program was launched or attached
/// to: see Events.
class Loop {
 public:
  /// The reactions of a session to the events of its loop.
  class Events {
   public:
    virtual ~Events() = default;
    /// Called once, before the first tick.
    virtual void started() {}
    /// Handles any signal but SIGCONT.
    virtual void take(const launch::Signal& signal) = 0;
    virtual void time_is_up() = 0;
    /// Returns true if nothing is left to record. Called after each tick.
    virtual bool is_over() const = 0;
    /// Returns the reason to report when is_over().
    virtual model::EndReason how_it_ended() const { return model::EndReason::ended; }
    /// Called when the recording can no longer be written.
    virtual void give_up() = 0;
  };

  /// `recording` and `options` must outlive this object. Throws boost::system::system_error if a
  /// descriptor cannot be watched.
  Loop(launch::SignalInbox inbox, Recording& recording, const Options& options);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() { signals_.release(); }  // the inbox closes it

  /// Returns after finish().
  void run(Events& events);

  /// Ends the recording and the loop.
  void finish(model::EndReason end) { finish(end, recording_.clock().now()); }
  void finish(model::EndReason end, Instant t);
  bool finished() const { return finished_; }

  /// Takes all pending signals. Time in which the recorder was stopped or the machine slept is
  /// recorded first, before the events that happened in it. Returns true if there was such a time.
  bool take_signals();
  /// Calls `what` after `delay`, instead of Events::time_is_up().
  void call_after(Duration delay, std::function<void()> what);

  boost::asio::io_context& context() { return context_; }

 private:
  void tick();
  void wait_for_signals();
  bool add_stop();

  const Options& options_;
  Recording& recording_;
  Events* events_ = nullptr;
  boost::asio::io_context context_{1};
  launch::SignalInbox inbox_;
  SleepWatch sleep_watch_{SleepWatch::read()};
  Ticker ticker_;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer timeout_timer_;
  boost::asio::posix::stream_descriptor signals_;
  std::optional<MarkWatch> mark_watch_;
  std::uint64_t missed_ = 0;
  bool finished_ = false;
};

}  // namespace mprofpp::record
