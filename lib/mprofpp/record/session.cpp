#include "mprofpp/record/session.hpp"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/recording.hpp"
#include "mprofpp/record/ticker.hpp"

namespace mprofpp::record {
namespace {

namespace asio = boost::asio;
using Cause = NotRecorded::Cause;

tl::unexpected<NotRecorded> not_recorded(Cause cause, Error error) {
  return tl::unexpected<NotRecorded>(NotRecorded{cause, std::move(error)});
}

Cause cause_of_exec_failure(const Error& error) {
  return error.code == Errc::not_found ? Cause::program_not_found : Cause::program_not_executable;
}

/// The event loop of a recording: ticks when they are due, signals when they come, until the root ends.
class Session {
 public:
  Session(pid_t root, launch::SignalInbox inbox, Recording& recording, Duration interval)
      : root_(root),
        inbox_(std::move(inbox)),
        recording_(recording),
        ticker_(recording.clock().steady_start(), interval),
        timer_(context_),
        signals_(context_, inbox_.fd()) {}

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { signals_.release(); }  // the inbox closes it

  void run() {
    wait_for_signals();
    tick();
    context_.run();
  }

 private:
  void tick() {
    const auto missed = std::exchange(missed_, 0);
    recording_.tick(missed);
    missed_ = ticker_.advance(Clock::Steady::now());
    if (!recording_.going_on()) return;
    timer_.expires_at(ticker_.due());
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tick();
    });
  }

  void wait_for_signals() {
    signals_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (error) return;
                          take_signals();
                          if (!ended_) wait_for_signals();
                        });
  }

  void take_signals() {
    for (const auto& signal : inbox_.take()) {
      if (signal.number == SIGCHLD) reap_children();
      else pass_on(signal);
    }
  }

  /// A key pressed on the terminal has reached the program already, unless it left our process group.
  void pass_on(const launch::Signal& signal) {
    if (ended_) return;
    const bool same_group = ::getpgid(root_) == ::getpgrp();
    if (signal.sender == launch::Signal::Sender::kernel && same_group) return;
    log::info("signal " + std::to_string(signal.number) + " passed on to the program");
    ::kill(root_, signal.number);
  }

  void reap_children() {
    while (const auto pid = launch::next_ended()) {
      if (*pid == root_) {
        end();
        return;
      }
      recording_.descendant_ended(launch::reap(*pid));
    }
  }

  void end() {
    RootEnd end;
    end.t = recording_.clock().now();
    // the zombie still tells whether it had waited for children; reaping takes it away
    const auto stat = proc::read_stat(root_);
    end.waited_for_children =
        stat && (stat->child_minor_faults != 0 || stat->child_major_faults != 0);
    end.ended = launch::reap(root_);
    ended_ = true;
    recording_.root_ended(end);
    timer_.cancel();
    context_.stop();
  }

  pid_t root_;
  launch::SignalInbox inbox_;
  Recording& recording_;
  Ticker ticker_;
  asio::io_context context_{1};
  asio::steady_timer timer_;
  asio::posix::stream_descriptor signals_;
  std::uint64_t missed_ = 0;
  bool ended_ = false;
};

Result<store::Writer> create_output(const Options& options, pid_t pid) {
  for (int attempt = 0;; ++attempt) {
    const auto name = options.name(pid, attempt);
    if (!name) return Failure(name.error());
    auto writer = store::Writer::create(*name, options.overwrite);
    const bool taken = !writer && writer.error().code == Errc::exists;
    if (!taken || attempt + 1 >= options.name_attempts) return writer;
  }
}

/// Lets a target that was never released go away, and takes it off the process table.
void abandon(launch::Target target) {
  const pid_t pid = target.pid();
  {
    const auto closing = std::move(target);
  }
  launch::reap(pid);
}

}  // namespace

tl::expected<Outcome, NotRecorded> record(const Options& options) {
  auto inbox = launch::SignalInbox::open();
  if (!inbox) return not_recorded(Cause::recorder, std::move(inbox.error()));
  launch::adopt_orphans();
  launch::raise_descriptor_limit();

  auto target = launch::Target::hold(options.program, options.surroundings);
  if (!target) return not_recorded(Cause::recorder, std::move(target.error()));
  const pid_t root = target->pid();
  auto writer = create_output(options, root);
  if (!writer) {
    abandon(std::move(*target));
    return not_recorded(Cause::recorder, std::move(writer.error()));
  }

  Recording recording(*target, options, std::move(*writer));
  if (auto released = target->release(); !released) {
    recording.discard();
    launch::reap(root);
    return not_recorded(cause_of_exec_failure(released.error()), std::move(released.error()));
  }
  recording.begin();
  Session(root, std::move(*inbox), recording, options.interval).run();
  return recording.outcome();
}

}  // namespace mprofpp::record
