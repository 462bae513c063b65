#include "python/activations.hpp"

#include "python/object.hpp"
#include "python/table.hpp"
#include "python/where.hpp"
#include "visit.hpp"

namespace mprofpp::agent::python {
namespace {

/// The call of a generator or coroutine that has been suspended at least once.
struct Suspended {
  std::uint64_t key = 0;  ///< its owner
  Frame frame = {};       ///< as it was when suspended last
  bool is_running = false;
};
constinit Table<Suspended> suspended;

/// Where a call begins: on which of the thread's stacks, in which lane, and within which call.
struct Here {
  std::uint64_t stack = 0;
  Lane lane = {};
  std::uint64_t outer = 0;
};

const Frame* frame_of(std::uint64_t call) {
  const auto& frames = this_thread().frames;
  for (auto i = frames.kept(); i-- > 0;) {
    if (frames.at(i).call == call) return &frames.at(i);
  }
  return nullptr;
}

/// A block of a task or generator that is suspended is not around what runs meanwhile.
bool is_elsewhere(const Frame& frame) {
  if (!frame.spans_others) return false;
  if (frame.outer != 0) {
    const Frame* outer = frame_of(frame.outer);
    return outer == nullptr || is_elsewhere(*outer);
  }
  return frame.lane.kind == wire::LaneKind::task && frame.lane.number != current_task();
}

const Frame* block_within(const Frame& outer) {
  const auto& frames = this_thread().frames;
  for (auto i = frames.kept(); i-- > 0;) {
    const auto& frame = frames.at(i);
    if (frame.spans_others && frame.outer == outer.call) return &frame;
  }
  return nullptr;
}

/// Who was suspended has come back on top of the blocks that it is in.
const Frame* innermost_block(const Frame* frame) {
  if (frame->active == 0) return frame;
  while (const Frame* block = block_within(*frame)) frame = block;
  return frame;
}

const Frame* innermost_of(std::uint64_t stack) {
  const auto& frames = this_thread().frames;
  for (auto i = frames.kept(); i-- > 0;) {
    const auto& frame = frames.at(i);
    if (frame.stack == stack && !is_elsewhere(frame)) return innermost_block(&frame);
  }
  return nullptr;
}

/// What begins within a running coroutine is in its task; else the loop has to be asked.
Here here_for(Suspends suspends) {
  Here here;
  here.stack = current_greenlet();
  if (here.stack != 0) here.lane = {wire::LaneKind::greenlet, here.stack};
  const Frame* outer = innermost_of(here.stack);
  const bool may_be_of_another_task =
      suspends == Suspends::as_coroutine && (outer == nullptr || outer->resumed == 0);
  const auto task = may_be_of_another_task ? current_task() : 0;
  const bool is_within =
      outer != nullptr &&
      (task == 0 || (outer->lane.kind == wire::LaneKind::task && outer->lane.number == task));
  if (is_within) return {here.stack, outer->lane, outer->call};
  if (task != 0) here.lane = {wire::LaneKind::task, task};
  return here;
}

Frame* find(Frames& frames, Owner owner, std::uint64_t stack, std::size_t& at) {
  for (at = frames.kept(); at-- > 0;) {
    auto& frame = frames.at(at);
    if (frame.owner == owner && frame.stack == stack) return &frame;
  }
  return nullptr;
}

/// Its end is told, or it has been none of ours.
void forget(Owner owner) {
  if (auto* entry = suspended.find(owner)) suspended.erase(*entry);
}

Owner next_block() {
  static constinit Owner blocks = 0;
  // addresses are even
  return ++blocks * 2 + 1;
}

}  // namespace

// As in calls.cpp, one piece of code each.

[[gnu::flatten]] void begin(Place& place, Owner owner, Suspends suspends) {
  // a generator whose end nobody told may have left its address to this one
  if (suspends != Suspends::never) abandon(owner);
  const Here here = here_for(suspends);
  Visit visit;
  if (!visit.is_on()) return;
  tell_name(visit, place);
  Frame frame{.call = visit.next_call(), .what = place.id};
  frame.owner = owner;
  frame.stack = here.stack;
  frame.resumed = suspends == Suspends::never ? 0 : 1;
  frame.lane = here.lane;
  visit.enter_within(frame, here.outer);
}

[[gnu::flatten]] void end(Owner owner, std::uint8_t flags) {
  const auto stack = current_greenlet();
  {
    Visit visit;
    auto& frames = visit.frames();
    if (!visit.is_on() || frames.empty()) return;
    if (!frames.is_known()) return frames.pop();
    std::size_t at = 0;
    if (find(frames, owner, stack, at) == nullptr) return;
    visit.leave(at, visit.now(), flags);
  }
  forget(owner);
}

void suspend(Owner owner) {
  const auto stack = current_greenlet();
  Visit visit;
  auto& frames = visit.frames();
  if (!visit.is_on() || frames.empty()) return;
  if (!frames.is_known()) return frames.pop();
  std::size_t at = 0;
  auto* frame = find(frames, owner, stack, at);
  if (frame == nullptr) return;
  visit.tell_pending();
  frame->active += visit.now() - frame->resumed;
  if (auto* entry = suspended.put(owner)) {
    entry->frame = *frame;
    entry->is_running = false;
  }
  frames.remove(at);
}

bool resume(Owner owner) {
  auto* entry = suspended.find(owner);
  if (entry == nullptr) return false;
  const auto stack = current_greenlet();
  Visit visit;
  if (!visit.is_on()) return true;
  entry->is_running = true;
  auto frame = entry->frame;
  frame.stack = stack;
  frame.resumed = visit.now();
  visit.tell_pending();
  visit.frames().push(frame);
  return true;
}

bool is_waiting(Owner owner) {
  const auto* entry = suspended.find(owner);
  return entry != nullptr && !entry->is_running;
}

void abandon(Owner owner) {
  if (!is_waiting(owner)) return;
  auto* const entry = suspended.find(owner);
  {
    Visit visit;
    if (visit.is_on()) visit.leave(entry->frame, visit.now(), 0);
  }
  forget(owner);
}

Owner begin_block(wire::Span name) {
  auto here = here_for(Suspends::as_coroutine);
  Visit visit;
  if (!visit.is_on()) return 0;
  Frame frame{.call = visit.next_call(), .what = visit.tell(name)};
  frame.owner = next_block();
  frame.stack = here.stack;
  frame.lane = here.lane;
  frame.outer = here.outer;
  frame.spans_others = true;
  visit.enter_within(frame, here.outer);
  return frame.owner;
}

void end_block(Owner owner, std::uint8_t flags) {
  if (owner != 0) end(owner, flags);
}

void mark_here(wire::Span text) {
  const Here here = here_for(Suspends::as_coroutine);
  Visit visit;
  if (visit.is_on()) visit.mark(visit.tell(text), here.lane);
}

}  // namespace mprofpp::agent::python
