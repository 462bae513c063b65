#include "core/agent_call.hpp"

#include <signal.h>

#include <atomic>

#include "core/freestanding.hpp"
#include "core/levels.hpp"
#include "core/modules.hpp"
#include "core/sent_texts.hpp"

namespace mprofpp::agent {
namespace {

constinit SentTexts texts;
constinit Modules modules;

/// Returns true if this may be a signal handler on a stack of its own (sigaltstack), which can lie
/// anywhere in memory.
[[gnu::noinline]] bool is_on_signal_stack() {
  if (process().is_quiet()) return true;  // perhaps: the system call must not be made
  const KeepErrno keep_errno;
  stack_t stack;
  return ::sigaltstack(nullptr, &stack) != 0 || (stack.ss_flags & SS_ONSTACK) != 0;
}

/// Adds what the process has grown since the call was resumed. Unknown growth stays unknown.
void add_growth(Frame& frame, std::uint64_t rss) {
  const bool is_known = frame.grown != wire::unknown_growth && frame.rss != wire::unknown_rss &&
                        rss != wire::unknown_rss;
  frame.grown = is_known ? frame.grown + (rss - frame.rss) : wire::unknown_growth;
}

}  // namespace

AgentCall::AgentCall() : thread_(this_thread()) {
  const AgentCall* const interrupted = thread_.call_in_progress;
  if (interrupted != nullptr && !is_abandoned(interrupted)) return;
  thread_.call_in_progress = this;
  std::atomic_signal_fence(std::memory_order_acq_rel);
  if (interrupted != nullptr) process().abandon();
  is_on_ = process().is_listening();
  if (!is_on_) return;
  if (thread_.generation != process().generation())
    begin_thread();
  else if (interrupted != nullptr)
    recover();
}

AgentCall::~AgentCall() {
  std::atomic_signal_fence(std::memory_order_acq_rel);
  if (thread_.call_in_progress == this) thread_.call_in_progress = nullptr;
}

/// A signal handler that interrupts an AgentCall runs below it on the stack. If this one is not below
/// the interrupted one, a handler has jumped out of that (siglongjmp), and it will never end.
bool AgentCall::is_abandoned(const AgentCall* interrupted) const {
  const bool may_be_on_top =
      reinterpret_cast<std::uintptr_t>(this) < reinterpret_cast<std::uintptr_t>(interrupted);
  return !may_be_on_top && !is_on_signal_stack();
}

/// The abandoned AgentCall may have left anything half done. So pending calls are not written, but
/// counted as dropped.
[[gnu::noinline]] void AgentCall::recover() {
  thread_.stopwatch = {};
  if (!thread_.short_calls.is_on()) return;
  for (std::size_t i = 0; i < frames().kept(); ++i) {
    auto& frame = frames().at(i);
    if (frame.start != Start::pending) continue;
    frame.start = Start::dropped;
    writer().count_dropped();
  }
  thread_.short_calls.forget_pending();
}

/// Prepares for the first mark of a thread, or its first after a fork: then the calls that are open
/// must be written to the child's ring.
[[gnu::noinline]] void AgentCall::begin_thread() {
  introduce(thread_, process().is_quiet() ? Kernel::not_to_be_called : Kernel::may_be_called);
  thread_.generation = process().generation();
  thread_.short_calls = {};  // the tally is the parent's
  if (thread_.recordings != process().recordings()) {
    thread_.recordings = process().recordings();
    frames().release();
  }
  const Moment now{monotonic_now(), wire::unknown_rss, 0};
  for (std::size_t i = 0; i < frames().kept(); ++i) {
    auto& frame = frames().at(i);
    frame.thread = thread_.id;
    frame.grown = wire::unknown_growth;  // the last reading was the parent's
    if (frame.flags & wire::address) write_module_of(frame.what);
    frame.start = write_start(frame, now, 0, wire::inherited);
  }
  apply_filter();
}

std::uint64_t AgentCall::write_text(wire::TextView text) {
  return texts.write(writer(), generation(), text);
}

void AgentCall::write_module_of(std::uint64_t address) {
  if (!process().is_quiet()) modules.write_module_of(address, writer(), generation());
}

wire::Event AgentCall::event_of(wire::Kind kind, const Frame& frame) const {
  wire::Event event{};
  event.kind = kind;
  event.flags = frame.flags;
  event.thread = frame.thread;
  event.call = frame.call;
  event.what = frame.what;
  event.rss = wire::unknown_rss;
  event.lane_kind = frame.lane.kind;
  event.lane = frame.lane.number;
  return event;
}

void AgentCall::enter(Frame& frame) {
  const bool is_within = frames().is_known();
  prepare(frame, is_within ? frames().innermost().call : 0);
  enter(frame, 0, 0);
}

void AgentCall::enter_within(Frame& frame, std::uint64_t outer) {
  prepare(frame, outer);
  enter(frame, outer, wire::within);
}

void AgentCall::prepare(Frame& frame, std::uint64_t outer) {
  frame.thread = thread_.id;
  if (writer().filter_entries() != thread_.filter_entries) apply_filter();
  set_level(frame, frames(), outer);
}

/// Applies what the recorder has decided about functions since the last time.
[[gnu::noinline]] void AgentCall::apply_filter() {
  thread_.filter_entries = writer().filter_entries();
  count_levels(frames(), writer().filter());
}

void AgentCall::enter(const Frame& frame, std::uint64_t outer, std::uint8_t flags) {
  if (!frames().has_room() && !process().is_quiet()) frames().make_room();
  if (!frames().push(frame)) return;
  auto& kept = frames().innermost();
  const auto in = moment_of_begin(thread_);
  if (kept.resumed != 0) {
    kept.resumed = in.time;
    kept.rss = in.rss;
  }
  auto& short_calls = thread_.short_calls;
  const bool may_wait = kept.level != Frame::no_level && !kept.is_doubtful;
  if (may_wait && short_calls.is_on() && short_calls.has_room()) {
    kept.start = Start::pending;
    return short_calls.push(kept, in, frames().depth() - 1);
  }
  write_pending();
  kept.start = write_start(kept, in, outer, flags);
}

[[gnu::noinline]] Start AgentCall::write_start(const Frame& frame, const Moment& in,
                                               std::uint64_t outer, std::uint8_t flags) {
  auto event = event_of(wire::Kind::enter, frame);
  event.flags |= flags | in.flags;
  event.active = outer;
  event.time = in.time;
  event.rss = in.rss;
  return writer().write(event) ? Start::written : Start::dropped;
}

/// The outermost call is written first: the records of a ring must be in the order of the calls.
[[gnu::noinline]] void AgentCall::write_pending() {
  auto& short_calls = thread_.short_calls;
  if (short_calls.pending() == 0) return;
  for (std::size_t i = 0; i < short_calls.pending(); ++i) {
    auto& frame = frames().at(short_calls.first_frame() + i);
    frame.start = write_start(frame, short_calls.begin_of(i), 0, 0);
  }
  short_calls.forget_pending();
}

/// The calls in which a thread exits end as if left by an exception (pthread_exit in C). Those of a
/// recursion that was too deep to store were not written and need no end.
void AgentCall::end_thread() {
  if (!is_on_) return;
  frames().forget_unstored();
  const auto time = now();
  for (auto i = frames().kept(); i-- > 0;) {
    if (frames().at(i).owner == 0) leave(i, time, wire::raised);
  }
  if (!thread_.short_calls.is_on()) return;
  write_pending();
  wire::Writer::end_tally(*thread_.short_calls.end());
}

void AgentCall::leave(const Frame& frame, std::uint64_t time, std::uint8_t flags) {
  if (frame.start == Start::dropped) return writer().count_dropped();
  write_end(frame, moment_of_end(thread_, time), flags);
}

[[gnu::noinline]] void AgentCall::write_end(const Frame& frame, const Moment& out,
                                            std::uint8_t flags) {
  auto event = event_of(wire::Kind::leave, frame);
  event.flags |= flags | out.flags;
  event.time = out.time;
  event.rss = out.rss;
  event.active = frame.active;
  if (frame.active != 0) event.what = frame.grown;
  writer().write(event);
}

void AgentCall::suspend(Frame& frame) {
  suspend(frame, now());
}

void AgentCall::suspend(Frame& frame, std::uint64_t time) {
  frame.active += time - frame.resumed;
  add_growth(frame, moment_of_end(thread_, time).rss);
}

void AgentCall::resume(Frame& frame) {
  const auto in = moment_of_begin(thread_);
  frame.resumed = in.time;
  frame.rss = in.rss;
}

void AgentCall::leave(std::size_t i, std::uint64_t time, std::uint8_t flags) {
  if (frames().at(i).start == Start::pending) return leave_pending(i, time, flags);
  if (i + 1 < frames().depth()) write_pending();
  count_end(frames().at(i).what, time);
  auto frame = frames().at(i);
  if (frame.resumed != 0) suspend(frame, time);
  frames().remove(i);
  leave(frame, time, flags);
}

/// Adds the call to the sums, or reports it after all.
void AgentCall::leave_pending(std::size_t i, std::uint64_t time, std::uint8_t flags) {
  const auto out = moment_of_end(thread_, time);
  auto& short_calls = thread_.short_calls;
  const bool is_innermost = i + 1 == frames().depth();
  if (is_innermost && short_calls.absorb(frames().innermost(), out)) return frames().pop();
  write_pending();
  const auto frame = frames().at(i);
  frames().remove(i);
  if (frame.start == Start::dropped) return writer().count_dropped();
  write_end(frame, out, flags);
}

/// Counts the end of a call that is written by itself. A thread that makes many such calls gets a
/// tally.
void AgentCall::count_end(std::uint64_t what, std::uint64_t time) {
  constexpr std::uint32_t many = 400;                     // per second
  constexpr std::uint64_t second_length = 1'000'000'000;  // ns
  if (thread_.short_calls.is_on()) return thread_.short_calls.count(what, time);
  const auto second = static_cast<std::uint32_t>(time / second_length);
  if (second != thread_.second) thread_.ends = 0;
  thread_.second = second;
  if (++thread_.ends % many == 0) begin_short_calls();
}

[[gnu::noinline]] void AgentCall::begin_short_calls() {
  const auto shortest = process().shortest_reported();
  if (shortest == 0) return;
  if (auto* tally = writer().begin_tally(thread_.id)) thread_.short_calls.begin(*tally, shortest);
}

void AgentCall::mark(std::uint64_t text, Lane lane) {
  auto event =
      event_of(wire::Kind::mark, {.call = 0, .what = text, .lane = lane, .thread = thread_.id});
  const auto moment = moment_of_end(thread_, now());
  event.flags |= moment.flags;
  event.time = moment.time;
  event.rss = moment.rss;
  writer().write(event);
}

void end_calls() {
  AgentCall().end_thread();
}

}  // namespace mprofpp::agent
