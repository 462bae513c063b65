#include "visit.hpp"

#include <signal.h>

#include <atomic>

#include "clock.hpp"
#include "keep_errno.hpp"
#include "levels.hpp"
#include "modules.hpp"
#include "texts.hpp"

namespace mprofpp::agent {
namespace {

constinit Texts texts;
constinit Modules modules;

/// A handler on a stack of its own (sigaltstack) may stand anywhere.
[[gnu::noinline]] bool is_on_signal_stack() {
  if (process().is_quiet()) return true;  // perhaps: nobody may ask
  const KeepErrno keep_errno;
  stack_t stack;
  return ::sigaltstack(nullptr, &stack) != 0 || (stack.ss_flags & SS_ONSTACK) != 0;
}

}  // namespace

Visit::Visit() : thread_(this_thread()) {
  const Visit* const interrupted = thread_.visit;
  if (interrupted != nullptr && !is_abandoned(interrupted)) return;
  thread_.visit = this;
  std::atomic_signal_fence(std::memory_order_acq_rel);
  if (interrupted != nullptr) process().abandon();
  is_on_ = process().is_listening();
  if (!is_on_) return;
  if (thread_.generation != process().generation())
    begin_anew();
  else if (interrupted != nullptr)
    take_over();
}

Visit::~Visit() {
  std::atomic_signal_fence(std::memory_order_acq_rel);
  if (thread_.visit == this) thread_.visit = nullptr;
}

/// A signal handler that interrupts a visit stands below it on the stack. Who does not follows a
/// handler that has jumped out of the visit (siglongjmp), and it will never be ended.
bool Visit::is_abandoned(const Visit* visit) const {
  const bool may_be_on_top =
      reinterpret_cast<std::uintptr_t>(this) < reinterpret_cast<std::uintptr_t>(visit);
  return !may_be_on_top && !is_on_signal_stack();
}

/// The abandoned visit may have left anything half done: of calls that were kept back for the sums
/// nothing is told, and that they are lost is counted.
[[gnu::noinline]] void Visit::take_over() {
  thread_.stopwatch = {};
  if (!thread_.short_calls.is_on()) return;
  for (std::size_t i = 0; i < frames().kept(); ++i) {
    auto& frame = frames().at(i);
    if (frame.begin != Begin::pending) continue;
    frame.begin = Begin::dropped;
    writer().count_dropped();
  }
  thread_.short_calls.forget_pending();
}

/// A thread's first mark, or the first after a fork: the child's ring must know of the calls it
/// is in.
[[gnu::noinline]] void Visit::begin_anew() {
  introduce(thread_, process().is_quiet() ? Kernel::not_to_be_called : Kernel::may_be_called);
  thread_.generation = process().generation();
  thread_.short_calls = {};  // its tally was the parent's
  const Moment now{monotonic_now(), wire::unknown_rss, 0};
  for (std::size_t i = 0; i < frames().kept(); ++i) {
    auto& frame = frames().at(i);
    frame.thread = thread_.id;
    if (frame.flags & wire::address) tell_module_of(frame.what);
    frame.begin = tell_begin(frame, now, 0, wire::inherited);
  }
  learn();
}

std::uint64_t Visit::tell(wire::Span text) {
  return texts.tell(writer(), generation(), text);
}

void Visit::tell_module_of(std::uint64_t address) {
  if (!process().is_quiet()) modules.tell_of(address, writer(), generation());
}

wire::Event Visit::event_of(wire::Kind kind, const Frame& frame) const {
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

void Visit::enter(Frame& frame) {
  const bool is_within = frames().is_known();
  place(frame, is_within ? frames().innermost().call : 0);
  enter(frame, 0, 0);
}

void Visit::enter_within(Frame& frame, std::uint64_t outer) {
  place(frame, outer);
  enter(frame, outer, wire::within);
}

void Visit::place(Frame& frame, std::uint64_t outer) {
  frame.thread = thread_.id;
  if (writer().answers() != thread_.answers) learn();
  set_level(frame, frames(), outer);
}

/// What the recorder has said of functions since.
[[gnu::noinline]] void Visit::learn() {
  thread_.answers = writer().answers();
  count_levels(frames(), writer().answer_table());
}

void Visit::enter(const Frame& frame, std::uint64_t outer, std::uint8_t flags) {
  if (!frames().has_room() && !process().is_quiet()) frames().make_room();
  if (!frames().push(frame)) return;
  auto& kept = frames().innermost();
  const auto in = moment_of_begin(thread_);
  if (kept.resumed != 0) kept.resumed = in.time;
  auto& short_calls = thread_.short_calls;
  const bool may_wait = kept.level != Frame::no_level && !kept.is_doubtful;
  if (may_wait && short_calls.is_on() && short_calls.has_room()) {
    kept.begin = Begin::pending;
    return short_calls.push(kept, in, frames().depth() - 1);
  }
  tell_pending();
  kept.begin = tell_begin(kept, in, outer, flags);
}

[[gnu::noinline]] Begin Visit::tell_begin(const Frame& frame, const Moment& in, std::uint64_t outer,
                                          std::uint8_t flags) {
  auto event = event_of(wire::Kind::enter, frame);
  event.flags |= flags | in.flags;
  event.active = outer;
  event.time = in.time;
  event.rss = in.rss;
  return writer().write(event) ? Begin::told : Begin::dropped;
}

/// Each within the one before it: a ring's records are to be in the order of the calls.
[[gnu::noinline]] void Visit::tell_pending() {
  auto& short_calls = thread_.short_calls;
  if (short_calls.pending() == 0) return;
  for (std::size_t i = 0; i < short_calls.pending(); ++i) {
    auto& frame = frames().at(short_calls.first_frame() + i);
    frame.begin = tell_begin(frame, short_calls.begin_of(i), 0, 0);
  }
  short_calls.forget_pending();
}

/// Calls that it was in end with it, as if left by an exception (pthread_exit in C).
void Visit::end_thread() {
  if (!is_on_) return;
  const auto time = now();
  for (auto i = frames().kept(); i-- > 0;) {
    if (frames().at(i).owner == 0) leave(i, time, wire::raised);
  }
  if (!thread_.short_calls.is_on()) return;
  tell_pending();
  wire::Writer::end_tally(*thread_.short_calls.end());
}

void Visit::leave(const Frame& frame, std::uint64_t time, std::uint8_t flags) {
  if (frame.begin == Begin::dropped) return writer().count_dropped();
  tell_end(frame, moment_of_end(thread_, time), flags);
}

[[gnu::noinline]] void Visit::tell_end(const Frame& frame, const Moment& out, std::uint8_t flags) {
  auto event = event_of(wire::Kind::leave, frame);
  event.flags |= flags | out.flags;
  event.time = out.time;
  event.rss = out.rss;
  event.active = frame.active;
  writer().write(event);
}

void Visit::leave(std::size_t i, std::uint64_t time, std::uint8_t flags) {
  if (frames().at(i).begin == Begin::pending) return leave_pending(i, time, flags);
  if (i + 1 < frames().depth()) tell_pending();
  note_end(frames().at(i).what, time);
  auto frame = frames().at(i);
  if (frame.resumed != 0) frame.active += time - frame.resumed;
  frames().remove(i);
  leave(frame, time, flags);
}

/// It goes into the sums, or has to be told after all.
void Visit::leave_pending(std::size_t i, std::uint64_t time, std::uint8_t flags) {
  const auto out = moment_of_end(thread_, time);
  auto& short_calls = thread_.short_calls;
  const bool is_innermost = i + 1 == frames().depth();
  if (is_innermost && short_calls.take(frames().innermost(), out)) return frames().pop();
  tell_pending();
  const auto frame = frames().at(i);
  frames().remove(i);
  if (frame.begin == Begin::dropped) return writer().count_dropped();
  tell_end(frame, out, flags);
}

/// A call ends that the recorder is told of by itself. A thread in which there are many is given
/// a tally.
void Visit::note_end(std::uint64_t what, std::uint64_t time) {
  constexpr std::uint32_t many = 400;                     // a second
  constexpr std::uint64_t second_length = 1'000'000'000;  // ns
  if (thread_.short_calls.is_on()) return thread_.short_calls.count(what, time);
  const auto second = static_cast<std::uint32_t>(time / second_length);
  if (second != thread_.second) thread_.ends = 0;
  thread_.second = second;
  if (++thread_.ends % many == 0) begin_short_calls();
}

[[gnu::noinline]] void Visit::begin_short_calls() {
  const auto shortest = process().shortest_told();
  if (shortest == 0) return;
  if (auto* tally = writer().begin_tally(thread_.id)) thread_.short_calls.begin(*tally, shortest);
}

void Visit::mark(std::uint64_t text, Lane lane) {
  auto event =
      event_of(wire::Kind::mark, {.call = 0, .what = text, .lane = lane, .thread = thread_.id});
  const auto moment = moment_of_end(thread_, now());
  event.flags |= moment.flags;
  event.time = moment.time;
  event.rss = moment.rss;
  writer().write(event);
}

}  // namespace mprofpp::agent
