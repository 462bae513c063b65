#include "mprofpp/inject/ptrace/injection.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "mprofpp/inject/blocked.hpp"
#include "mprofpp/inject/maps.hpp"
#include "mprofpp/inject/ptrace/scratch.hpp"
#include "mprofpp/inject/ptrace/tracee.hpp"
#include "mprofpp/inject/sandbox.hpp"
#include "mprofpp/inject/target.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_interval = 200us;
/// A thread that waits for Python's lock wakes up every 5 ms, so one that is not scheduled for this long
/// waits for something else.
constexpr Duration lock_wait = 30ms;
/// After this time, a thread that was expected to run Python is looked at again.
constexpr Duration queue_time = 20ms;
/// Locks that are held for a few instructions only. It must be below 1 ms: after that time CPython 3.13 hands
/// a lock over to a waiter, which would no longer wait.
constexpr Duration brief_call = 500us;
constexpr Duration time_to_stop = 500ms;
constexpr std::uint64_t result_bits = 0xffffffff;  // of an int in a register

/// Returns true if the user wants to end this program.
bool is_interrupted() {
  sigset_t pending;
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGINT) == 1 || ::sigismember(&pending, SIGTERM) == 1 ||
         ::sigismember(&pending, SIGHUP) == 1 || ::sigismember(&pending, SIGQUIT) == 1;
}

/// Returns true if one of the innermost frames of a stopped thread is a call that only waits.
bool is_in_wait(const ProcessMemory& memory, const user_regs_struct& registers,
                const std::vector<Export>& waits) {
  constexpr std::size_t words = 64;
  const auto covers = [&](Address at) {
    return std::any_of(waits.begin(), waits.end(),
                       [&](const Export& each) { return each.covers(at); });
  };
  if (covers(registers.rip)) return true;
  for (std::size_t i = 0; i < words; ++i) {
    const auto word = memory.value_at<Address>(registers.rsp + i * sizeof(Address));
    if (!word) return false;
    if (covers(*word)) return true;
  }
  return false;
}

bool survives(const std::optional<std::vector<std::vector<sock_filter>>>& filters) {
  return filters && std::all_of(filters->begin(), filters->end(),
                                [](const auto& filter) { return is_survivable(filter); });
}

/// The activity of the first thread, as far as the kernel shows it without a stop.
struct Look {
  std::optional<Wait> wait;  ///< nothing if it runs, or soon does
  bool is_lasting = false;   ///< it waits for a lock, and has for some time
};

Look look_at(pid_t pid) {
  const auto wait = read_wait(pid);
  if (!wait || !is_futex(*wait)) return {wait};
  const auto switches = read_switches(pid);
  const auto deadline = Clock::now() + lock_wait;
  while (Clock::now() < deadline) {
    std::this_thread::sleep_for(1ms);
    if (read_switches(pid) != switches || read_wait(pid) != wait) return {};
  }
  return {wait, true};
}

/// Calls `trace` in a thread of its own: when it ends, the kernel releases what it has traced.
template <class Trace>
auto in_own_thread(const Trace& trace) {
  decltype(trace()) result;
  std::thread([&] { result = trace(); }).join();
  return result;
}

/// Carries out one order. Each attempt stops the first thread once. If the thread runs Python, it is asked to
/// call the stub as soon as it can; if it waits for something, it calls the stub at once.
class Injection {
 public:
  Injection(const Order& order, const Limits& limits)
      : order_(order),
        limits_(limits),
        memory_(order.pid),
        deadline_(Clock::now() + limits.patience) {}

  Result<Entered> run() {
    program_ = proc::read_stack_start(order_.pid).value_or(0);
    while (true) {
      const auto look = look_at(order_.pid);
      if (!is_queued_ || is_worth_a_stop(look)) {
        const auto done = in_own_thread([&] { return attempt(look); });
        if (!done && done.error().code != Errc::busy) return give_up(done.error());
        if (!done) reason_ = done.error().what;
      }
      if (is_called_) return result();
      if (is_queued_) {
        if (const auto done = await_call(); !done) return Failure(done.error());
      }
      if (is_called_) return result();
      if (is_interrupted()) return give_up({Errc::busy, "", "was interrupted"});
      if (Clock::now() > deadline_) return give_up({Errc::busy, "", reason_});
      if (!is_queued_) std::this_thread::sleep_for(next_pause());
    }
  }

 private:
  bool is_worth_a_stop(const Look& look) const {
    return look.wait && (look.is_lasting || is_safe_wait(order_.pid, *look.wait));
  }

  Duration next_pause() {
    constexpr Duration longest = 100ms;
    return std::exchange(pause_, std::min(longest, pause_ * 2));
  }

  /// Everything is found before the thread is stopped, and nothing is done if something is missing.
  Result<void> prepare() {
    if (proc::read_stack_start(order_.pid).value_or(0) != program_) {
      return fail(Errc::vanished, "", "runs another program now");
    }
    const auto maps = read_maps(order_.pid);
    if (!maps) return Failure(maps.error());
    auto program = proc::read_link(order_.pid, "exe");
    if (!program) return Failure(program.error());
    auto runtime = find_runtime(memory_, *maps, without_deleted(*program));
    if (!runtime) return Failure(runtime.error());
    runtime_ = std::move(*runtime);
    auto agent = find_agent(memory_, *maps, order_.agent_name);
    if (!agent) return Failure(agent.error());
    agent_ = *agent;
    return {};
  }

  Result<void> attempt(const Look& look) {
    Tracee tracee(order_.pid);
    if (auto done = tracee.seize(); !done) return explained(order_.pid, limits_, done.error());
    if (auto done = prepare(); !done) return done;
    if (auto done = tracee.stop(time_to_stop); !done) return done;
    auto done = act(tracee, look);
    if (!done && !is_queued_ && !is_abandoned_) scratch_.remove(tracee, runtime_);
    tracee.resume();
    stopped_ = std::max(stopped_, tracee.stopped());
    return done;
  }

  Result<void> act(Tracee& tracee, const Look& look) {
    if (is_queued_ && !is_still_waiting()) return {};
    if (is_sandboxed(order_.pid) && !survives(tracee.filters())) return refuse_sandbox();
    if (auto done = check_door(); !done) return done;
    if (!scratch_.exists()) {
      if (auto done = scratch_.make(tracee, runtime_, order_, agent_); !done) return done;
    }
    if (is_blocked(tracee, look)) return call_now(tracee);
    return is_queued_ ? Result<void>() : queue(tracee);
  }

  /// The agent has one place for the state of a door that is being opened.
  Result<void> check_door() const {
    const auto door = agent_ ? memory_.value_at<DoorState>(agent_->door_state) : std::nullopt;
    if (!door || door->state == DoorState::closed) return {};
    if (door->state == DoorState::open)
      return fail(Errc::busy, "", "is being entered by another client");
    return memory_.write_value(agent_->door_state, DoorState{})
               ? Result<void>()
               : fail(Errc::io, "", "cannot be written to");
  }

  bool is_still_waiting() const {
    const auto data = scratch_.read(memory_);
    return data && data->step == Step::waiting;
  }

  bool is_blocked(const Tracee& tracee, const Look& look) const {
    const auto& registers = tracee.context().registers;
    if (static_cast<std::int64_t>(registers.orig_rax) < 0) return false;
    const Wait wait{static_cast<std::int64_t>(registers.orig_rax), registers.rdi, registers.rsp};
    if (!is_futex(wait)) return is_safe_wait(order_.pid, wait);
    return look.is_lasting && wait == look.wait && is_in_wait(memory_, registers, runtime_.waits);
  }

  /// Before Python has started and while it ends, nothing may be queued.
  Result<void> check_python(Tracee& tracee) const {
    const auto is_initialized =
        tracee.call(runtime_.is_initialized, {}, scratch_.call_place(), limits_.longest_call);
    if (!is_initialized) return Failure(is_initialized.error());
    const auto finishing =
        runtime_.is_finishing ? memory_.value_at<int>(*runtime_.is_finishing) : 0;
    if ((*is_initialized & result_bits) != 0 && finishing != 1) return {};
    return fail(Errc::busy, "", "has not started Python yet, or is ending it");
  }

  Result<void> queue(Tracee& tracee) {
    if (auto done = check_python(tracee); !done) return done;
    if (!scratch_.set_owner(memory_, Scratch::Owner::agent))
      return fail(Errc::io, "", "cannot be written to");
    const auto added = tracee.call(runtime_.add_pending_call, {scratch_.stub(), scratch_.data()},
                                   scratch_.call_place(), brief_call);
    is_abandoned_ = !added;
    if (!added) return Failure(added.error());
    if ((*added & result_bits) != 0)
      return fail(Errc::busy, "", "has no room for another pending call");
    is_queued_ = true;
    reason_ = "has not reached a place where it can be entered: it is in a function written in C";
    return {};
  }

  Result<void> call_now(Tracee& tracee) {
    if (!scratch_.set_owner(memory_, Scratch::Owner::us))
      return fail(Errc::io, "", "cannot be written to");
    const auto done = tracee.call(scratch_.stub(), {scratch_.data()}, scratch_.call_place(),
                                  limits_.longest_call);
    is_abandoned_ = !done;
    if (!done) return Failure(Error{Errc::io, "", done.error().what});  // not again
    const auto data = scratch_.read(memory_);
    if (data && data->step == Step::failed) return loading_failed(*data);
    is_called_ = true;
    if (is_queued_) {
      scratch_.shrink(tracee, runtime_);  // the stub removes the rest when Python calls it
    } else {
      scratch_.remove(tracee, runtime_);
    }
    return {};
  }

  Result<void> await_call() {
    const auto end = Clock::now() + queue_time;
    while (Clock::now() < end) {
      const auto data = scratch_.read(memory_);
      if (data && data->step == Step::failed) return clear_failed(*data);
      is_called_ = !data || data->step == Step::opening;
      if (is_called_) return {};
      std::this_thread::sleep_for(look_interval);
    }
    if (!proc::is_alive(order_.pid)) return fail(Errc::vanished, "", "has ended");
    return {};
  }

  Failure loading_failed(const StubData& data) const {
    constexpr std::size_t longest_text = 500;
    const auto text = memory_.text_at(data.message, longest_text);
    return fail(Errc::unsupported, "", "cannot load the agent" + (text.empty() ? "" : ": " + text));
  }

  Result<void> clear_failed(const StubData& data) {
    const auto failure = loading_failed(data);
    is_queued_ = false;
    return give_up(failure.value()), failure;
  }

  /// Leaves nothing behind, or what is queued removes itself.
  Failure give_up(Error error) {
    constexpr int most_attempts = 20;
    const bool is_needed = is_queued_ ? is_still_waiting() : scratch_.exists();
    for (int i = 0; is_needed && i < most_attempts; ++i) {
      if (in_own_thread([&] { return clear_up(); })) break;
      std::this_thread::sleep_for(1ms);
    }
    return Failure(std::move(error));
  }

  Result<void> clear_up() {
    Tracee tracee(order_.pid);
    if (auto done = tracee.seize(); !done) return done;
    if (auto done = tracee.stop(time_to_stop); !done) return done;
    const bool is_inside = scratch_.covers(tracee.context().registers.rip);
    if (!is_queued_ && is_inside) return fail(Errc::busy, "", "is still in the stub");
    if (!is_queued_) scratch_.remove(tracee, runtime_);
    if (is_queued_ && is_still_waiting()) (void)scratch_.set_step(memory_, Step::superfluous);
    return {};
  }

  Result<Entered> result() {
    if (!agent_) {
      const auto maps = read_maps(order_.pid);
      if (!maps) return Failure(maps.error());
      auto agent = find_agent(memory_, *maps, order_.agent_name);
      if (!agent) return Failure(agent.error());
      if (!*agent) return fail(Errc::vanished, "", "has ended");
      agent_ = **agent;
    }
    return Entered{*agent_, stopped_};
  }

  const Order& order_;
  const Limits& limits_;
  ProcessMemory memory_;
  Clock::time_point deadline_;
  std::uint64_t program_ = 0;
  Runtime runtime_;
  std::optional<LoadedAgent> agent_;
  Scratch scratch_;
  std::string reason_ = "could not be stopped";
  bool is_queued_ = false;     // Python has the address of the stub
  bool is_abandoned_ = false;  // something may still use the scratch memory
  bool is_called_ = false;
  Duration pause_ = 1ms;  // until the next attempt
  Duration stopped_{};
};

}  // namespace

Result<void> check_processor() {
  return {};
}

Result<Entered> enter_by_tracing(const Order& order, const Limits& limits) {
  return Injection(order, limits).run();
}

}  // namespace mprofpp::inject
