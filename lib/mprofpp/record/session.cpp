#include "mprofpp/record/session.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/end_watch.hpp"
#include "mprofpp/record/mark_inlet.hpp"
#include "mprofpp/record/mark_watch.hpp"
#include "mprofpp/record/recording.hpp"
#include "mprofpp/record/ticker.hpp"

namespace mprofpp::record {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Cause = NotRecorded::Cause;
using ErrorCode = boost::system::error_code;

constexpr Duration patience_after_term = 5s;

tl::unexpected<NotRecorded> not_recorded(Cause cause, Error error) {
  return tl::unexpected<NotRecorded>(NotRecorded{cause, std::move(error)});
}

Cause cause_of_exec_failure(const Error& error) {
  return error.code == Errc::not_found ? Cause::program_not_found : Cause::program_not_executable;
}

bool is_continue(const launch::Signal& signal) {
  return signal.number == SIGCONT;
}

/// Whether a signal that is for the recorder alone ends the recording.
bool asks_to_end(const launch::Signal& signal) {
  const bool is_news = signal.number == SIGCHLD || signal.number == SIGWINCH;
  return !is_news && !launch::is_ignored(signal.number);
}

/// What both kinds of session share: ticks when they are due, signals when they come, the time-out.
class Session {
 public:
  Session(launch::SignalInbox inbox, Recording& recording, const Options& options)
      : options_(options),
        recording_(recording),
        inbox_(std::move(inbox)),
        ticker_(recording.clock().steady_start(), options.interval),
        tick_timer_(context_),
        timeout_timer_(context_),
        signals_(context_, inbox_.fd()) {
    if (recording.marks() != nullptr) mark_watch_.emplace(context_, recording);
  }

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() { signals_.release(); }  // the inbox closes it

  void run() {
    wait_for_signals();
    wait_for_timeout();
    prepare();
    tick();
    context_.run();
  }

 protected:
  virtual void prepare() {}
  /// Any signal but SIGCONT.
  virtual void take(const launch::Signal& signal) = 0;
  virtual void time_is_up() = 0;
  /// After each tick: whether there is nothing left to record.
  virtual bool is_over() const = 0;
  virtual End how_it_ended() const { return End::ended; }
  /// The recording cannot be written any more.
  virtual void give_up() = 0;

  /// Signals, and what they tell of time that passed without us, which comes before what happened in it.
  /// Answers whether it did.
  bool take_signals() {
    const auto signals = inbox_.take();
    const bool continued = std::any_of(signals.begin(), signals.end(), is_continue);
    const bool was_stopped = continued && tell_of_stop();
    const auto slept = sleep_watch_.slept(SleepWatch::read());
    if (slept > Duration::zero()) recording_.suspended(slept);
    for (const auto& signal : signals) {
      if (!finished_ && !is_continue(signal)) take(signal);
    }
    return was_stopped || slept > Duration::zero();
  }

  void finish(End end) { finish(end, recording_.clock().now()); }
  void finish(End end, Instant t) {
    recording_.finish(end, t, std::exchange(missed_, 0));
    finished_ = true;
    context_.stop();
  }
  bool finished() const { return finished_; }
  void call_after(Duration delay, std::function<void()> what) {
    timeout_timer_.expires_after(delay);
    timeout_timer_.async_wait([what = std::move(what)](const ErrorCode& error) {
      if (!error) what();
    });
  }

  const Options& options_;
  Recording& recording_;
  asio::io_context context_{1};

 private:
  /// A clock is read before the signals are taken: these tell of any stop that it has seen. A stop that
  /// comes after them belongs to what follows.
  void tick() {
    Instant now = recording_.clock().now();
    while (take_signals() && !finished_) now = recording_.clock().now();
    if (finished_) return;
    recording_.tick(now, std::exchange(missed_, 0), ticker_.next_due());
    const auto done = Clock::Steady::now();
    take_signals();
    if (finished_) return;
    ticker_.set_interval(recording_.interval());
    missed_ = ticker_.advance(done);
    if (is_over()) return finish(how_it_ended());
    if (!recording_.going_on()) return give_up();
    tick_timer_.expires_at(ticker_.due());
    tick_timer_.async_wait([this](const ErrorCode& error) {
      if (!error) tick();
    });
  }

  void wait_for_signals() {
    signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const ErrorCode& error) {
      if (error) return;
      take_signals();
      if (!finished_) wait_for_signals();
    });
  }

  /// We were stopped if ticks are overdue: who is only kept waiting by a busy machine gets no
  /// SIGCONT.
  bool tell_of_stop() {
    const auto now = Clock::Steady::now();
    const Duration overdue = now - ticker_.due();
    if (overdue < recording_.interval()) return false;
    ticker_.skip_to(now);
    recording_.suspended(overdue);
    return true;
  }

  void wait_for_timeout() {
    if (options_.timeout) call_after(*options_.timeout, [this] { time_is_up(); });
  }

  launch::SignalInbox inbox_;
  SleepWatch sleep_watch_{SleepWatch::read()};
  Ticker ticker_;
  asio::steady_timer tick_timer_;
  asio::steady_timer timeout_timer_;
  asio::posix::stream_descriptor signals_;
  std::optional<MarkWatch> mark_watch_;
  std::uint64_t missed_ = 0;
  bool finished_ = false;
};

/// Records a program that we started, to its end or to that of the whole tree.
class LaunchedSession : public Session {
 public:
  LaunchedSession(pid_t root, launch::SignalInbox inbox, Recording& recording,
                  const Options& options)
      : Session(std::move(inbox), recording, options), root_(root) {}

 private:
  /// Who ended before there was an inbox sent a SIGCHLD that nobody got.
  void prepare() override { reap_children(); }

  void take(const launch::Signal& signal) override {
    if (signal.number == SIGCHLD)
      reap_children();
    else if (!root_ended_)
      pass_on(signal);
    else if (asks_to_end(signal))
      finish(End::interrupted);
  }

  void pass_on(const launch::Signal& signal) {
    if (is_from_program(signal) || has_reached_program(signal)) return;
    log::info("signal " + std::to_string(signal.number) + " is passed on to the program");
    send(signal.number);
  }

  bool send(int signal) {
    if (::kill(root_, signal) == 0) return true;
    auto error =
        fail_errno(errno, std::to_string(root_), "cannot be sent signal " + std::to_string(signal));
    if (options_.on_unheard) options_.on_unheard(error.value());
    return false;
  }

  /// It tells its parent that it is ready or the like, and would be ended by its own signal.
  bool is_from_program(const launch::Signal& signal) const {
    return signal.sender == launch::Signal::Sender::process && signal.sender_pid == root_;
  }

  /// A key pressed on the terminal and a change of its size reach all of our process group, which
  /// the program may have left. That the terminal is gone is told to the session's leader only, an alarm
  /// to who is due. Of what a process sends nobody knows whether it went to the group: one signal too many
  /// does less harm than none.
  bool has_reached_program(const launch::Signal& signal) const {
    if (signal.sender != launch::Signal::Sender::kernel || signal.number == SIGALRM) return false;
    if (signal.number == SIGHUP && ::getsid(0) == ::getpid()) return false;
    return ::getpgid(root_) == ::getpgrp();
  }

  void reap_children() {
    while (const auto pid = launch::next_ended()) {
      if (*pid == root_)
        end_root();
      else
        recording_.descendant_ended(launch::reap(*pid));
    }
    if (!root_ended_) return;
    if (!waits_for_tree()) finish(how_it_ended(), root_end_);
    // orphans are ours: who has no children has no tree left, however far away the next tick is
    else if (!launch::has_children())
      finish(how_it_ended());
  }

  bool waits_for_tree() const {
    return options_.until == Until::tree_ends && !timed_out_ && recording_.going_on();
  }

  void end_root() {
    RootEnd end;
    end.t = recording_.clock().now();
    // the zombie still tells whether it had waited for children; reaping takes it away
    const auto stat = proc::read_stat(root_);
    end.waited_for_children =
        stat && (stat->child_minor_faults != 0 || stat->child_major_faults != 0);
    end.ended = launch::reap(root_);
    root_ended_ = true;
    root_end_ = end.t;
    recording_.root_ended(end);
  }

  bool is_over() const override { return root_ended_ && !recording_.anyone_lives(); }
  End how_it_ended() const override { return timed_out_ ? End::timed_out : End::ended; }
  /// The program's status is still to be passed on.
  void give_up() override {
    if (root_ended_) finish(how_it_ended());
  }

  void time_is_up() override {
    if (options_.at_timeout == AtTimeout::leave || root_ended_) return finish(End::timed_out);
    timed_out_ = true;
    log::info("the time is up: SIGTERM");
    if (!send(SIGTERM)) return finish(End::timed_out);
    ::kill(root_, SIGCONT);  // who is stopped could not heed it
    call_after(patience_after_term, [this] { lose_patience(); });
  }

  void lose_patience() {
    log::info("the program did not heed SIGTERM: SIGKILL");
    if (!send(SIGKILL)) finish(End::timed_out);
  }

  pid_t root_;
  Instant root_end_;
  bool root_ended_ = false;
  bool timed_out_ = false;
};

/// Records processes that run already, until they have ended or somebody stops us.
class AttachedSession : public Session {
 public:
  AttachedSession(std::vector<Watched> targets, launch::SignalInbox inbox, Recording& recording,
                  const Options& options)
      : Session(std::move(inbox), recording, options),
        end_watch_(context_, std::move(targets), [this] { all_ended(); }) {}

 private:
  void take(const launch::Signal& signal) override {
    if (asks_to_end(signal)) finish(End::interrupted);
  }

  void all_ended() {
    take_signals();
    if (!finished()) finish(End::ended);
  }

  bool is_over() const override { return !recording_.any_root_lives(); }
  void give_up() override { finish(End::interrupted); }
  void time_is_up() override { finish(End::timed_out); }

  EndWatch end_watch_;
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

/// A session's event loop takes descriptors, and every reading of a process needs one more. That there is
/// none left Boost reports by an exception.
template <class Kind, class... Arguments>
Result<std::unique_ptr<Session>> make_session(Arguments&&... arguments) {
  try {
    std::unique_ptr<Session> session =
        std::make_unique<Kind>(std::forward<Arguments>(arguments)...);
    if (auto spare = open_for_reading("/proc/loadavg"); !spare) return Failure(spare.error());
    return session;
  } catch (const boost::system::system_error& error) {
    return fail_errno(error.code().value(), "", "cannot wait for events");
  }
}

/// Lets a target that was never released go away, and takes it off the process table.
void abandon(launch::Target target) {
  const pid_t pid = target.pid();
  { const auto closing = std::move(target); }
  launch::reap(pid);
}

tl::expected<Outcome, NotRecorded> record(const Options& options, const Launch& launch) {
  launch::adopt_orphans();
  auto surroundings = launch.surroundings;
  auto access = open_mark_inlet(options.marks, surroundings.environment);
  auto target = launch::Target::hold(launch.program, surroundings);
  if (!target) return not_recorded(Cause::recorder, std::move(target.error()));
  const pid_t root = target->pid();
  auto writer = create_output(options, root);
  if (!writer) {
    abandon(std::move(*target));
    return not_recorded(Cause::recorder, std::move(writer.error()));
  }
  // not before: opening a pipe waits for its reader, and Ctrl-C must end that
  auto inbox = launch::SignalInbox::open();
  if (!inbox) {
    writer->discard_if_unused();
    abandon(std::move(*target));
    return not_recorded(Cause::recorder, std::move(inbox.error()));
  }

  const Subject subject{{{root}, ::getpid()}, launch.program.words, target->inherited_peak()};
  Recording recording(subject, options, std::move(*writer), std::move(access));
  auto session = make_session<LaunchedSession>(root, std::move(*inbox), recording, options);
  if (!session) {
    recording.discard();
    abandon(std::move(*target));
    return not_recorded(Cause::recorder, std::move(session.error()));
  }
  recording.begin();
  if (auto released = target->release(); !released) {
    recording.discard();
    launch::reap(root);
    return not_recorded(cause_of_exec_failure(released.error()), std::move(released.error()));
  }
  (*session)->run();
  return recording.outcome();
}

/// The words of a command line that runs already; its pid where there are none.
std::vector<std::string> argv_of(pid_t pid) {
  auto words = proc::read_words(pid);
  if (!words || words->empty()) return {std::to_string(pid)};
  return std::move(*words);
}

tl::expected<Outcome, NotRecorded> record(const Options& options, const Attach& attach) {
  std::vector<Watched> targets;
  for (const pid_t pid : attach.pids) {
    auto target = watch(pid);
    if (!target) return not_recorded(Cause::recorder, std::move(target.error()));
    targets.push_back(std::move(*target));
  }
  auto writer = create_output(options, attach.pids.front());
  if (!writer) return not_recorded(Cause::recorder, std::move(writer.error()));
  auto inbox = launch::SignalInbox::open();
  if (!inbox) {
    writer->discard_if_unused();
    return not_recorded(Cause::recorder, std::move(inbox.error()));
  }

  const Subject subject{{attach.pids, std::nullopt}, argv_of(attach.pids.front()), Bytes{}};
  Recording recording(subject, options, std::move(*writer));
  auto session =
      make_session<AttachedSession>(std::move(targets), std::move(*inbox), recording, options);
  if (!session) {
    recording.discard();
    return not_recorded(Cause::recorder, std::move(session.error()));
  }
  recording.begin();
  (*session)->run();
  return recording.outcome();
}

}  // namespace

tl::expected<Outcome, NotRecorded> record(const Options& options) {
  return std::visit([&](const auto& target) { return record(options, target); }, options.target);
}

}  // namespace mprofpp::record
