#include "calls.hpp"

#include <string.h>

#include "levels.hpp"
#include "mprofpp/wire/answers.hpp"
#include "mprofpp/wire/text_id.hpp"
#include "visit.hpp"

namespace mprofpp::agent {
namespace {

/// Such a call belongs where the innermost one does. Among greenlets nobody knows without asking
/// the interpreter, and this may run without its lock.
Lane lane_within(const Frames& frames) {
  if (!frames.is_known() || frames.innermost().stack != 0) return {};
  return frames.innermost().lane;
}

void enter(Visit& visit, std::uint64_t what, std::uint8_t flags,
           wire::Answer answer = wire::Answer::wanted) {
  Frame frame{.call = visit.next_call(), .what = what};
  frame.lane = lane_within(visit.frames());
  frame.flags = flags;
  frame.is_doubtful = is_doubtful(answer);
  visit.enter(frame);
}

/// Where the innermost call of that name stands; depth() if there is none.
std::size_t find(const Frames& frames, std::uint64_t what) {
  for (std::size_t i = frames.depth(); i-- > 0;) {
    if (frames.at(i).owner == 0 && frames.at(i).what == what) return i;
  }
  return frames.depth();
}

/// Ends the innermost call of that name, and those begun within it that were left without a word
/// (by longjmp, say).
void leave(Visit& visit, std::uint64_t what) {
  auto& frames = visit.frames();
  if (frames.empty()) return;
  if (!frames.is_known()) return frames.pop();
  const auto at = find(frames, what);
  if (at == frames.depth()) return;
  const auto time = visit.now();
  for (auto i = frames.depth(); --i > at;) {
    if (frames.at(i).owner == 0) visit.leave(i, time, wire::raised);
  }
  visit.leave(at, time, 0);
}

wire::Answer answer_of(Visit& visit, std::uint64_t address) {
  return wire::answer_of(visit.writer().answer_table(), address);
}

/// No look into the table of answers for what is nearly always the case.
bool is_innermost(const Frames& frames, std::uint64_t address) {
  return frames.is_known() && frames.innermost().what == address;
}

}  // namespace

void tell_name(Visit& visit, Place& place) {
  if (place.generation == visit.generation()) return;
  place.id = visit.tell({place.name, strlen(place.name)});
  place.generation = visit.generation();
}

// What is called millions of times a second is one piece of code each: calls within it would take
// a tenth of a pair's time. What is rare says noinline, or it would be in each of those pieces.

[[gnu::flatten]] void enter(Place& place) {
  Visit visit;
  if (!visit.is_on()) return;
  tell_name(visit, place);
  enter(visit, place.id, place.flags & wire::signature);
}

[[gnu::flatten]] void leave(Place& place) {
  Visit visit;
  if (visit.is_on()) leave(visit, place.id);
}

void enter(wire::Span name) {
  Visit visit;
  if (visit.is_on()) enter(visit, visit.tell(name), 0);
}

void leave(wire::Span name) {
  Visit visit;
  if (visit.is_on()) leave(visit, wire::id_of(name));
}

[[gnu::flatten]] void enter_function(std::uint64_t address) {
  Visit visit;
  if (!visit.is_on()) return;
  const auto answer = answer_of(visit, address);
  if (answer == wire::Answer::muted) return;
  visit.tell_module_of(address);
  enter(visit, address, wire::address, answer);
}

/// A function may have been muted while it ran: then it is the innermost call, and ends it.
[[gnu::flatten]] void leave_function(std::uint64_t address) {
  Visit visit;
  if (!visit.is_on()) return;
  const bool is_its = is_innermost(visit.frames(), address);
  if (is_its || answer_of(visit, address) != wire::Answer::muted) leave(visit, address);
}

void mark(wire::Span text) {
  Visit visit;
  if (visit.is_on()) visit.mark(visit.tell(text), lane_within(visit.frames()));
}

}  // namespace mprofpp::agent
