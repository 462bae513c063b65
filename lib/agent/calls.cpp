#include "calls.hpp"

#include <string.h>

#include <atomic>

#include "clock.hpp"
#include "modules.hpp"
#include "mprofpp/wire/muted.hpp"
#include "mprofpp/wire/text_id.hpp"
#include "process.hpp"
#include "texts.hpp"
#include "thread.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::uint64_t readings_last = 10'000;  // ns

constinit Texts texts;
constinit Modules modules;

/// One visit to the agent. Nothing is to be done when nobody listens, or when a signal handler has
/// interrupted a visit: its marks then are as if not made, both ends of them.
class Visit {
 public:
  Visit() : thread_(this_thread()) {
    if (thread_.is_busy) return;
    thread_.is_busy = is_ours_ = true;
    std::atomic_signal_fence(std::memory_order_acq_rel);
    is_on_ = process().is_listening();
    if (is_on_ && thread_.generation != process().generation()) begin_anew();
  }
  ~Visit() {
    std::atomic_signal_fence(std::memory_order_acq_rel);
    if (is_ours_) thread_.is_busy = false;
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  bool is_on() const { return is_on_; }
  Frames& frames() { return thread_.frames; }
  wire::Writer& writer() { return process().writer(); }
  std::uint32_t generation() const { return thread_.generation; }

  void enter(std::uint64_t what, std::uint8_t flags) {
    const Frame frame{thread_.next_call++, what, flags, false};
    if (!frames().has_room() && !process().is_quiet()) frames().make_room();
    if (!frames().push(frame)) return;
    auto event = event_of(wire::Kind::enter, frame);
    event.time = process().is_exact() ? ~std::uint64_t{0} : monotonic_now();
    take_reading(event);
    // what the reading took is to be outside the call
    if ((event.flags & wire::reused) == 0) {
      event.time = monotonic_now();
      thread_.rss_time = event.time;
    }
    frames().innermost().is_told = writer().write(event);
  }

  /// Ends the innermost call of that name, and those begun within it that were left without a word
  /// (by longjmp, say).
  void leave(std::uint64_t what) {
    if (frames().empty()) return;
    if (!frames().is_known()) return frames().pop();
    const auto at = find(what);
    if (at == frames().depth()) return;
    const auto time = monotonic_now();
    while (frames().depth() > at + 1) leave_innermost(time, wire::raised);
    leave_innermost(time, 0);
  }

  void tell_module_of(std::uint64_t address) {
    if (!process().is_quiet()) modules.tell_of(address, writer(), generation());
  }

  void mark(std::uint64_t text) {
    auto event = event_of(wire::Kind::mark, {0, text, 0, true});
    event.time = monotonic_now();
    take_reading(event);
    writer().write(event);
  }

 private:
  /// A thread's first mark, or the first after a fork: the child's ring must know of the calls it
  /// is in.
  void begin_anew() {
    introduce(thread_, process().is_quiet() ? Kernel::not_to_be_called : Kernel::may_be_called);
    thread_.generation = process().generation();
    const auto now = monotonic_now();
    for (std::size_t i = 0; i < frames().kept(); ++i) {
      auto& frame = frames().at(i);
      if (frame.flags & wire::address) tell_module_of(frame.what);
      auto event = event_of(wire::Kind::enter, frame);
      event.flags |= wire::inherited;
      event.time = now;
      frame.is_told = writer().write(event);
    }
  }

  wire::Event event_of(wire::Kind kind, Frame frame) const {
    wire::Event event{};
    event.kind = kind;
    event.flags = frame.flags;
    event.thread = thread_.id;
    event.call = frame.call;
    event.what = frame.what;
    event.rss = wire::unknown_rss;
    return event;
  }

  /// Where the innermost call of that name stands; depth() if there is none.
  std::size_t find(std::uint64_t what) {
    for (std::size_t i = frames().depth(); i-- > 0;) {
      if (frames().at(i).what == what) return i;
    }
    return frames().depth();
  }

  void leave_innermost(std::uint64_t time, std::uint8_t flags) {
    const auto frame = frames().innermost();
    frames().pop();
    if (!frame.is_told) return writer().count_dropped();
    auto event = event_of(wire::Kind::leave, frame);
    event.flags |= flags;
    event.time = time;
    take_reading(event);
    writer().write(event);
  }

  /// Memory at event.time, or a little before it.
  void take_reading(wire::Event& event) {
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

  std::uint64_t without_rings(std::uint64_t rss) {
    const auto rings = writer().size();
    return rss == wire::unknown_rss || rss < rings ? rss : rss - rings;
  }

  Thread& thread_;
  bool is_ours_ = false;  ///< not one within another
  bool is_on_ = false;
};

}  // namespace

void enter(Place& place) {
  Visit visit;
  if (!visit.is_on()) return;
  if (place.generation != visit.generation()) {
    place.id = texts.tell(visit.writer(), visit.generation(), {place.name, strlen(place.name)});
    place.generation = visit.generation();
  }
  visit.enter(place.id, place.flags & wire::signature);
}

void leave(Place& place) {
  Visit visit;
  if (visit.is_on()) visit.leave(place.id);
}

void enter(wire::Span name) {
  Visit visit;
  if (visit.is_on()) visit.enter(texts.tell(visit.writer(), visit.generation(), name), 0);
}

void leave(wire::Span name) {
  Visit visit;
  if (visit.is_on()) visit.leave(wire::id_of(name));
}

void enter_function(std::uint64_t address) {
  Visit visit;
  if (!visit.is_on() || wire::is_muted(visit.writer().mute_table(), address)) return;
  visit.tell_module_of(address);
  visit.enter(address, wire::address);
}

/// A function may have been muted while it ran: then it is the innermost call, and ends it.
void leave_function(std::uint64_t address) {
  Visit visit;
  if (!visit.is_on()) return;
  if (!wire::is_muted(visit.writer().mute_table(), address)) return visit.leave(address);
  const auto& frames = visit.frames();
  if (frames.is_known() && frames.innermost().what == address) visit.leave(address);
}

void mark(wire::Span text) {
  Visit visit;
  if (visit.is_on()) visit.mark(texts.tell(visit.writer(), visit.generation(), text));
}

}  // namespace mprofpp::agent
