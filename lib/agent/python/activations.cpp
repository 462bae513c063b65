#include "python/activations.hpp"

#include "core/agent_call.hpp"
#include "core/table.hpp"
#include "python/execution_context.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::python {
namespace {

/// The call of a generator or coroutine that has been suspended at least once.
struct Suspended {
  std::uint64_t key = 0;  ///< its owner
  Frame frame = {};       ///< as it was when last suspended
  bool is_running = false;
};
constinit Table<Suspended> suspended;

/// The place at which a call starts: the stack of the thread, the lane, and the call around it.
struct Position {
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

/// Returns true for a block of a task or generator that is suspended: it does not enclose what runs
/// meanwhile.
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

/// Returns the innermost block of a call, or the call itself if it has none. A call that was
/// suspended is back on top of its own blocks.
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

/// A call that starts within a running coroutine belongs to the coroutine's task; otherwise the event
/// loop has to be asked.
Position position_for(Suspends suspends) {
  Position position;
  position.stack = current_greenlet();
  if (position.stack != 0) position.lane = {wire::LaneKind::greenlet, position.stack};
  const Frame* outer = innermost_of(position.stack);
  const bool may_be_of_another_task =
      suspends == Suspends::as_coroutine && (outer == nullptr || outer->resumed == 0);
  const auto task = may_be_of_another_task ? current_task() : 0;
  const bool is_within =
      outer != nullptr &&
      (task == 0 || (outer->lane.kind == wire::LaneKind::task && outer->lane.number == task));
  if (is_within) return {position.stack, outer->lane, outer->call};
  if (task != 0) position.lane = {wire::LaneKind::task, task};
  return position;
}

/// Returns the index of the innermost call of that owner; depth() if there is none.
std::size_t find(const Frames& frames, Owner owner, std::uint64_t stack) {
  for (auto i = frames.kept(); i-- > 0;) {
    if (frames.at(i).owner == owner && frames.at(i).stack == stack) return i;
  }
  return frames.depth();
}

/// Forgets a call that has ended, if it was ever suspended.
void forget(Owner owner) {
  if (auto* entry = suspended.find(owner)) suspended.erase(*entry);
}

Owner next_block() {
  static constinit Owner blocks = 0;
  // an odd number, because addresses are even
  return ++blocks * 2 + 1;
}

}  // namespace

void forget_suspended() {
  suspended.clear();
}

// As in calls.cpp, these are flattened into one piece of code each.

[[gnu::flatten]] void begin(Place& place, Owner owner, Suspends suspends) {
  // this one may have the address of a generator whose end was not reported
  if (suspends != Suspends::never) abandon(owner);
  const Position position = position_for(suspends);
  AgentCall agent;
  if (!agent.is_on()) return;
  write_name(agent, place);
  Frame frame{.call = agent.next_call(), .what = place.id};
  frame.owner = owner;
  frame.stack = position.stack;
  frame.resumed = suspends == Suspends::never ? 0 : 1;
  frame.lane = position.lane;
  agent.enter_within(frame, position.outer);
}

[[gnu::flatten]] void end(Owner owner, std::uint8_t flags) {
  const auto stack = current_greenlet();
  {
    AgentCall agent;
    auto& frames = agent.frames();
    if (!agent.is_on() || frames.empty()) return;
    if (!frames.is_known()) return frames.pop();
    const auto at = find(frames, owner, stack);
    if (at == frames.depth()) return;
    agent.leave(at, agent.now(), flags);
  }
  forget(owner);
}

void suspend(Owner owner) {
  const auto stack = current_greenlet();
  AgentCall agent;
  auto& frames = agent.frames();
  if (!agent.is_on() || frames.empty()) return;
  if (!frames.is_known()) return frames.pop();
  const auto at = find(frames, owner, stack);
  if (at == frames.depth()) return;
  auto& frame = frames.at(at);
  agent.write_pending();
  agent.suspend(frame);
  if (auto* entry = suspended.put(owner)) {
    entry->frame = frame;
    entry->is_running = false;
  }
  frames.remove(at);
}

bool resume(Owner owner) {
  auto* entry = suspended.find(owner);
  if (entry == nullptr) return false;
  const auto stack = current_greenlet();
  AgentCall agent;
  if (!agent.is_on()) return true;
  entry->is_running = true;
  auto frame = entry->frame;
  frame.stack = stack;
  agent.write_pending();
  agent.resume(frame);
  agent.frames().push(frame);
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
    AgentCall agent;
    if (agent.is_on()) agent.leave(entry->frame, agent.now(), 0);
  }
  forget(owner);
}

Owner begin_block(wire::TextView name) {
  auto position = position_for(Suspends::as_coroutine);
  AgentCall agent;
  if (!agent.is_on()) return 0;
  Frame frame{.call = agent.next_call(), .what = agent.write_text(name)};
  frame.owner = next_block();
  frame.stack = position.stack;
  frame.lane = position.lane;
  frame.outer = position.outer;
  frame.spans_others = true;
  agent.enter_within(frame, position.outer);
  return frame.owner;
}

void end_block(Owner owner, std::uint8_t flags) {
  if (owner != 0) end(owner, flags);
}

void mark_moment(wire::TextView text) {
  const Position position = position_for(Suspends::as_coroutine);
  AgentCall agent;
  if (agent.is_on()) agent.mark(agent.write_text(text), position.lane);
}

}  // namespace mprofpp::agent::python
