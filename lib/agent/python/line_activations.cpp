#include "python/line_activations.hpp"

#include "core/agent_call.hpp"
#include "core/table.hpp"
#include "python/line_growth.hpp"
#include "python/line_readings.hpp"

namespace mprofpp::agent::python {
namespace {

struct WaitingLines {
  std::uint64_t key = 0;  ///< the owner
  LineCall* call = nullptr;
};
constinit Table<WaitingLines> waiting;

/// The line that has called gets what was added until now. What the inner call adds is counted for the
/// lines of that.
void settle(LineCall& inner, const LineStack& stack, std::uint64_t memory, std::uint64_t time) {
  auto* const outer = inner.outer;
  if (outer == nullptr) return;
  if (is_inherited(*outer)) return inherit(*outer, stack, memory, time);
  add_to_line(*outer, stack, memory, time);
  outer->time = time;
}

/// The line that has called goes on.
void go_on_after(const LineCall& inner, const LineStack& stack, std::uint64_t memory) {
  auto* const outer = inner.outer;
  if (outer == nullptr) return;
  const auto time = now(this_thread());
  if (is_inherited(*outer)) return inherit(*outer, stack, memory, time);
  outer->memory = stack.own_memory(memory);
  outer->time = time;
}

/// Ends the running line of a call that ends or is suspended, and was taken off its stack.
void stop(LineCall& call, const LineStack& stack) {
  const auto time = now(this_thread());
  const auto memory = exact_reading(&call);
  if (is_inherited(call)) inherit(call, stack, memory, time);
  finish_line(call, stack, memory, time);
  count_shared(call);
  if (stack.top != nullptr) raise_peak(*stack.top, call.highest);
  go_on_after(call, stack, memory);
}

/// Starts the first line of a call, or lets one go on that was suspended. Returns the memory.
std::uint64_t start(LineCall& call, LineStack& stack) {
  const auto time = now(this_thread());
  const auto memory = exact_reading(stack.top);
  push(stack, call);
  settle(call, stack, memory, time);
  if (is_inherited(call)) {
    inherit(call, stack, memory, now(this_thread()));
  } else {
    call.memory = stack.own_memory(memory);
    call.time = now(this_thread());
  }
  return memory;
}

/// Ends the line that runs and starts another one.
void start_line(LineCall& call, const LineStack& stack, std::uint32_t line) {
  auto& thread = this_thread();
  const auto time = now(thread);
  const bool may_reuse = may_reuse_readings();
  const auto memory = may_reuse ? recent_reading(thread, time) : exact_reading(&call);
  if (is_inherited(call)) inherit(call, stack, memory, time);
  const bool is_first = call.line == 0;
  finish_line(call, stack, memory, time);
  if (line != call.line || call.entry == nullptr) call.entry = call.lines->entry(line);
  call.line = line;
  if (call.entry != nullptr) {
    auto& count = call.entry->count;
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  // what was added before the first line is the first line's
  if (!is_first) call.memory = stack.own_memory(memory);
  call.time = may_reuse ? time : now(thread);
  const bool is_new_reading = thread.rss_time >= time;
  if (is_new_reading) count_shared(call);
}

/// Starts a line in the innermost call of the greenlet that runs, if `is_meant` accepts that call.
template <class IsMeant>
void start_line_in(IsMeant is_meant, std::uint32_t line) {
  if (!are_lines_running()) return;
  const auto* const stack = running_stack();
  auto* const call = stack == nullptr ? nullptr : stack->top;
  if (call == nullptr || !is_meant(*call)) return;
  const AgentCall agent;
  if (!agent.is_on() || process().is_quiet()) return;
  start_line(*call, *stack, line);
}

}  // namespace

void forget_line_calls() {
  waiting.clear();
  forget_line_stacks();
}

[[gnu::flatten]] void begin_lines(LineCounts& lines, Owner owner, const void* code, LineRole role,
                                  Suspends suspends) {
  if (suspends != Suspends::never) abandon_lines(owner);
  auto* const stack = running_stack();
  const AgentCall agent;
  if (stack == nullptr || !agent.is_on() || process().is_quiet()) return;
  lines.prepare(process().generation());
  auto* const call = make_line_call();
  if (call == nullptr) return;
  call->lines = &lines;
  call->owner = owner;
  call->code = code;
  call->role = role;
  call->generation = process().generation();
  count_call(*call, start(*call, *stack));
  count_shared(*call);
}

[[gnu::flatten]] void end_lines(Owner owner) {
  if (!are_lines_running()) return;
  auto* const stack = running_stack();
  const AgentCall agent;
  auto* const call = stack == nullptr ? nullptr : take_off(*stack, owner);
  if (call == nullptr) return;
  if (agent.is_on()) {
    stop(*call, *stack);
    count_end(*call);
  }
  give_back(call);
}

void suspend_lines(Owner owner) {
  if (!are_lines_running()) return;
  auto* const stack = running_stack();
  const AgentCall agent;
  auto* const call = stack == nullptr ? nullptr : take_off(*stack, owner);
  if (call == nullptr) return;
  if (agent.is_on()) stop(*call, *stack);
  auto* const entry = waiting.put(owner);
  if (entry == nullptr) return give_back(call);
  entry->call = call;
}

bool resume_lines(Owner owner) {
  auto* const entry = waiting.find(owner);
  if (entry == nullptr) return false;
  auto* const stack = running_stack();
  if (stack == nullptr) return true;
  auto* const call = entry->call;
  waiting.erase(*entry);
  const AgentCall agent;
  if (agent.is_on()) {
    start(*call, *stack);
  } else {
    push(*stack, *call);
  }
  return true;
}

bool are_lines_waiting(Owner owner) {
  return waiting.find(owner) != nullptr;
}

void abandon_lines(Owner owner) {
  auto* const entry = waiting.find(owner);
  if (entry == nullptr) return;
  auto* const call = entry->call;
  waiting.erase(*entry);
  const AgentCall agent;
  if (agent.is_on()) count_end(*call);
  give_back(call);
}

[[gnu::flatten]] void start_line_of_code(const void* code, std::uint32_t line) {
  start_line_in([&](const LineCall& call) { return call.code == code; }, line);
}

[[gnu::flatten]] void start_line_of_owner(Owner owner, std::uint32_t line) {
  start_line_in([&](const LineCall& call) { return call.owner == owner; }, line);
}

}  // namespace mprofpp::agent::python
