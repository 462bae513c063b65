#include "python/line_stacks.hpp"

#include "core/table.hpp"
#include "python/execution_context.hpp"
#include "python/line_growth.hpp"
#include "python/pool.hpp"

namespace mprofpp::agent::python {
namespace {

using wire::unknown_rss;

/// The stack of a greenlet that is not the first of its thread.
struct OfGreenlet {
  std::uint64_t key = 0;  ///< the number of the greenlet
  LineStack* stack = nullptr;
};
constinit Table<OfGreenlet> of_greenlets;

/// The innermost call of a function in a stack.
struct Innermost {
  std::uint64_t key = 0;  ///< key_of()
  LineCall* call = nullptr;
};
constinit Table<Innermost> innermost;

constinit Pool<LineCall> calls;
constinit Pool<LineStack> stacks;
constinit std::uint64_t numbers = 0;  ///< of stacks

struct Running {
  LineStack first;     ///< of what runs in no other greenlet
  LineStack* current;  ///< null for that one
  std::uint64_t greenlet;
  std::uint64_t calls;  ///< in all stacks of the thread
  std::uint64_t added;  ///< bytes, in all turns that have ended
  // bytes at the first and the last event of the turn
  std::uint64_t turn_start;
  std::uint64_t turn_end;
  std::uint32_t recordings;  ///< see Process::recordings()
};
constexpr Running nothing_running{{}, nullptr, 0, 0, 0, unknown_rss, unknown_rss, 0};
constinit thread_local Running running = nothing_running;

LineStack& current_stack() {
  return running.current == nullptr ? running.first : *running.current;
}

LineStack* stack_of(std::uint64_t greenlet) {
  if (greenlet == 0) return &running.first;
  if (auto* const found = of_greenlets.find(greenlet)) return found->stack;
  auto* const stack = stacks.take();
  auto* const entry = stack == nullptr ? nullptr : of_greenlets.put(greenlet);
  if (entry == nullptr) {
    if (stack != nullptr) stacks.give_back(stack);
    return nullptr;
  }
  entry->stack = stack;
  stack->greenlet = greenlet;
  stack->left_at = running.added;
  return stack;
}

/// A greenlet without calls may be gone by now.
void let_go(LineStack& stack) {
  if (stack.top != nullptr || stack.greenlet == 0) return;
  if (auto* const entry = of_greenlets.find(stack.greenlet)) of_greenlets.erase(*entry);
  stacks.give_back(&stack);
}

/// Adds the growth of the turn. What was added before its first event and after its last one cannot be told
/// from the growth of other turns.
void end_turn() {
  const bool is_known = running.turn_start != unknown_rss && running.turn_end != unknown_rss;
  if (is_known) running.added += running.turn_end - running.turn_start;
  running.turn_start = unknown_rss;
  auto& left = current_stack();
  left.left_at = running.added;
  for (auto* call = left.top; call != nullptr && !call->was_left; call = call->below) {
    call->was_left = true;
    count_interleaved(*call);
  }
  let_go(left);
}

[[gnu::noinline]] LineStack* begin_turn(std::uint64_t greenlet) {
  end_turn();
  auto* const stack = stack_of(greenlet);
  running.current = stack == &running.first ? nullptr : stack;
  running.greenlet = stack == nullptr ? 0 : greenlet;
  if (stack == nullptr) return nullptr;
  stack->others += running.added - stack->left_at;
  stack->left_at = running.added;
  return stack;
}

/// Returns a number that no other pair of a stack and a function has, and that is spread over 64 bits.
std::uint64_t key_of(const LineStack& stack, const LineCounts& lines) {
  const auto pair = (stack.number << 32 | lines.number()) * 0x9E3779B97F4A7C15ULL;
  return pair ^ pair >> 32;
}

void link(const LineStack& stack, LineCall& call) {
  auto* const entry = innermost.put(key_of(stack, *call.lines));
  call.outer = entry == nullptr ? nullptr : entry->call;
  if (entry != nullptr) entry->call = &call;
}

void unlink(const LineStack& stack, const LineCall& call) {
  auto* const entry = innermost.find(key_of(stack, *call.lines));
  if (entry == nullptr || entry->call != &call) return;
  entry->call = call.outer;
  if (call.outer == nullptr) innermost.erase(*entry);
}

LineCall* pop(LineStack& stack) {
  auto* const call = stack.top;
  stack.top = call->below;
  --running.calls;
  unlink(stack, *call);
  return call;
}

}  // namespace

LineStack* running_stack() {
  if (running.recordings != process().recordings()) {
    running = nothing_running;
    running.recordings = process().recordings();
  }
  const auto greenlet = current_greenlet();
  return greenlet == running.greenlet ? &current_stack() : begin_turn(greenlet);
}

void note_memory(std::uint64_t memory) {
  if (running.turn_start == unknown_rss) running.turn_start = memory;
  running.turn_end = memory;
}

bool are_lines_running() {
  return running.calls != 0 && running.recordings == process().recordings();
}

void forget_line_stacks() {
  of_greenlets.clear();
  innermost.clear();
}

LineCall* make_line_call() {
  auto* const call = calls.take();
  if (call != nullptr) *call = {};
  return call;
}

void give_back(LineCall* call) {
  calls.give_back(call);
}

void push(LineStack& stack, LineCall& call) {
  if (stack.number == 0) stack.number = ++numbers;
  call.was_left = false;
  call.below = stack.top;
  stack.top = &call;
  ++running.calls;
  link(stack, call);
}

LineCall* take_off(LineStack& stack, Owner owner) {
  const auto* found = stack.top;
  while (found != nullptr && found->owner != owner) found = found->below;
  if (found == nullptr) return nullptr;
  while (stack.top != found) give_back(pop(stack));
  return pop(stack);
}

}  // namespace mprofpp::agent::python
