#include "core/calls.hpp"

#include <string.h>

#include "core/agent_call.hpp"
#include "core/levels.hpp"
#include "mprofpp/wire/function_filter.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::agent {
namespace {

/// Returns the lane of the innermost call, to which a call within it belongs too. Among greenlets
/// only the interpreter knows the lane, and this may run without the interpreter's lock: then the
/// call counts as the thread's.
Lane lane_within(const Frames& frames) {
  if (!frames.is_known() || frames.innermost().stack != 0) return {};
  return frames.innermost().lane;
}

void enter(AgentCall& agent, std::uint64_t what, std::uint8_t flags,
           wire::Verdict verdict = wire::Verdict::wanted) {
  Frame frame{.call = agent.next_call(), .what = what};
  frame.lane = lane_within(agent.frames());
  frame.flags = flags;
  frame.is_doubtful = is_doubtful(verdict);
  agent.enter(frame);
}

/// Returns the index of the innermost call of that name; depth() if there is none.
std::size_t find(const Frames& frames, std::uint64_t what) {
  for (std::size_t i = frames.depth(); i-- > 0;) {
    if (frames.at(i).owner == 0 && frames.at(i).what == what) return i;
  }
  return frames.depth();
}

/// Ends the innermost call of that name, and the calls within it that were left without an end mark
/// (by longjmp, for example).
void leave(AgentCall& agent, std::uint64_t what) {
  auto& frames = agent.frames();
  if (frames.empty()) return;
  if (!frames.is_known()) return frames.pop();
  const auto at = find(frames, what);
  if (at == frames.depth()) return;
  const auto time = agent.now();
  for (auto i = frames.depth(); --i > at;) {
    if (frames.at(i).owner == 0) agent.leave(i, time, wire::raised);
  }
  agent.leave(at, time, 0);
}

wire::Verdict verdict_on(AgentCall& agent, std::uint64_t address) {
  return wire::verdict_on(agent.writer().filter(), address);
}

/// This is nearly always true and spares a lookup in the filter.
bool is_innermost(const Frames& frames, std::uint64_t address) {
  return frames.is_known() && frames.innermost().what == address;
}

}  // namespace

void write_name(AgentCall& agent, Place& place) {
  if (place.generation == agent.generation()) return;
  place.id = agent.write_text({place.name, strlen(place.name)});
  place.generation = agent.generation();
}

// Functions that are called millions of times a second are flattened into one piece of code each:
// the calls inside them would take a tenth of the time of an enter and a leave. Code that rarely
// runs is declared noinline, or it would be copied into each of those pieces.

[[gnu::flatten]] void enter(Place& place) {
  AgentCall agent;
  if (!agent.is_on()) return;
  write_name(agent, place);
  enter(agent, place.id, place.flags & wire::signature);
}

[[gnu::flatten]] void leave(Place& place) {
  AgentCall agent;
  if (agent.is_on()) leave(agent, place.id);
}

void enter(wire::TextView name) {
  AgentCall agent;
  if (agent.is_on()) enter(agent, agent.write_text(name), 0);
}

void leave(wire::TextView name) {
  AgentCall agent;
  if (agent.is_on()) leave(agent, wire::id_of(name));
}

[[gnu::flatten]] void enter_function(std::uint64_t address) {
  AgentCall agent;
  if (!agent.is_on()) return;
  const auto verdict = verdict_on(agent, address);
  if (verdict == wire::Verdict::muted) return;
  agent.write_module_of(address);
  enter(agent, address, wire::address, verdict);
}

/// A function may have been muted while it ran. Then it is still the innermost call and must end.
[[gnu::flatten]] void leave_function(std::uint64_t address) {
  AgentCall agent;
  if (!agent.is_on()) return;
  const bool is_its = is_innermost(agent.frames(), address);
  if (is_its || verdict_on(agent, address) != wire::Verdict::muted) leave(agent, address);
}

void mark(wire::TextView text) {
  AgentCall agent;
  if (agent.is_on()) agent.mark(agent.write_text(text), lane_within(agent.frames()));
}

}  // namespace mprofpp::agent
