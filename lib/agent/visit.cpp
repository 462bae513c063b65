#include "visit.hpp"

#include <atomic>

#include "clock.hpp"
#include "modules.hpp"
#include "texts.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::uint64_t readings_last = 10'000;  // ns

constinit Texts texts;
constinit Modules modules;

}  // namespace

Visit::Visit() : thread_(this_thread()) {
  if (thread_.is_busy) return;
  thread_.is_busy = is_ours_ = true;
  std::atomic_signal_fence(std::memory_order_acq_rel);
  is_on_ = process().is_listening();
  if (is_on_ && thread_.generation != process().generation()) begin_anew();
}

Visit::~Visit() {
  std::atomic_signal_fence(std::memory_order_acq_rel);
  if (is_ours_) thread_.is_busy = false;
}

/// A thread's first mark, or the first after a fork: the child's ring must know of the calls it
/// is in.
void Visit::begin_anew() {
  introduce(thread_, process().is_quiet() ? Kernel::not_to_be_called : Kernel::may_be_called);
  thread_.generation = process().generation();
  const auto now = monotonic_now();
  for (std::size_t i = 0; i < frames().kept(); ++i) {
    auto& frame = frames().at(i);
    frame.thread = thread_.id;
    if (frame.flags & wire::address) tell_module_of(frame.what);
    auto event = event_of(wire::Kind::enter, frame);
    event.flags |= wire::inherited;
    event.time = now;
    frame.is_told = writer().write(event);
  }
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
  enter(frame, 0, 0);
}

void Visit::enter_within(Frame& frame, std::uint64_t outer) {
  enter(frame, outer, wire::within);
}

void Visit::enter(Frame& frame, std::uint64_t outer, std::uint8_t flags) {
  frame.thread = thread_.id;
  if (!frames().has_room() && !process().is_quiet()) frames().make_room();
  if (!frames().push(frame)) return;
  auto event = event_of(wire::Kind::enter, frame);
  event.flags |= flags;
  event.active = outer;
  event.time = process().is_exact() ? ~std::uint64_t{0} : monotonic_now();
  take_reading(event);
  // what the reading took is to be outside the call
  if ((event.flags & wire::reused) == 0) {
    event.time = monotonic_now();
    thread_.rss_time = event.time;
  }
  auto& kept = frames().innermost();
  if (kept.resumed != 0) kept.resumed = event.time;
  kept.is_told = writer().write(event);
}

void Visit::leave(const Frame& frame, std::uint64_t time, std::uint8_t flags) {
  if (!frame.is_told) return writer().count_dropped();
  auto event = event_of(wire::Kind::leave, frame);
  event.flags |= flags;
  event.time = time;
  event.active = frame.active;
  take_reading(event);
  writer().write(event);
}

void Visit::leave(std::size_t i, std::uint64_t time, std::uint8_t flags) {
  auto frame = frames().at(i);
  if (frame.resumed != 0) frame.active += time - frame.resumed;
  frames().remove(i);
  leave(frame, time, flags);
}

void Visit::mark(std::uint64_t text, Lane lane) {
  auto event =
      event_of(wire::Kind::mark, {.call = 0, .what = text, .lane = lane, .thread = thread_.id});
  event.time = monotonic_now();
  take_reading(event);
  writer().write(event);
}

/// Memory at event.time, or a little before it.
void Visit::take_reading(wire::Event& event) {
  if (!process().is_exact() && event.time - thread_.rss_time < readings_last) {
    event.flags |= wire::reused;
  } else if (!process().is_quiet()) {
    thread_.rss = without_rings(process().resident().read());
    thread_.rss_time = event.time;
  } else {
    thread_.rss = wire::unknown_rss;
  }
  event.rss = thread_.rss;
}

std::uint64_t Visit::without_rings(std::uint64_t rss) {
  const auto rings = writer().size();
  return rss == wire::unknown_rss || rss < rings ? rss : rss - rings;
}

}  // namespace mprofpp::agent
