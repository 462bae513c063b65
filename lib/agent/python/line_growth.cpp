#include "python/line_growth.hpp"

#include <atomic>

#include "core/process.hpp"
#include "python/execution_context.hpp"

namespace mprofpp::agent::python {
namespace {

using wire::unknown_rss;

template <class Number>
void add(std::atomic<Number>& sum, Number more) {
  sum.store(sum.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

void raise(std::atomic<std::uint64_t>& most, std::uint64_t value) {
  if (value > most.load(std::memory_order_relaxed)) most.store(value, std::memory_order_relaxed);
}

/// Returns the numbers to which the call itself counts; null if there are none.
wire::FunctionBlock* counted_function(const LineCall& call) {
  return call.role == LineRole::function && !is_inherited(call) ? call.lines->function() : nullptr;
}

}  // namespace

void count_call(const LineCall& call, std::uint64_t memory_at_entry) {
  auto* const function = counted_function(call);
  if (function == nullptr) return;
  const auto memory = memory_at_entry == unknown_rss ? 0 : memory_at_entry;
  if (function->calls.load(std::memory_order_relaxed) == 0) {
    function->first_entry.store(memory, std::memory_order_relaxed);
  }
  raise(function->most_entry, memory);
  add(function->calls, std::uint64_t{1});
}

void count_end(const LineCall& call) {
  if (auto* const function = counted_function(call)) add(function->ended, std::uint64_t{1});
}

void count_interleaved(LineCall& call) {
  if (call.is_interleaved) return;
  call.is_interleaved = true;
  if (auto* const function = counted_function(call)) add(function->interleaved, std::uint64_t{1});
}

void count_shared(LineCall& call) {
  if (call.is_shared || call.role != LineRole::function || !has_other_threads()) return;
  call.is_shared = true;
  if (auto* const function = call.lines->function()) add(function->shared, std::uint64_t{1});
}

void add_to_line(LineCall& call, const LineStack& stack, std::uint64_t memory, std::uint64_t time) {
  auto* const entry = call.entry;
  if (entry == nullptr) return;
  const auto own = stack.own_memory(memory);
  if (memory != unknown_rss && call.memory != unknown_rss) {
    add(entry->added, static_cast<std::int64_t>(own - call.memory));
  }
  add(entry->elapsed, time - call.time);
  call.memory = own;
}

void finish_line(LineCall& call, const LineStack& stack, std::uint64_t memory, std::uint64_t time) {
  add_to_line(call, stack, memory, time);
  if (call.entry == nullptr) return;
  if (memory != unknown_rss) raise(call.entry->most, memory);
  if (call.peak == 0) return;
  if (memory != unknown_rss) raise_peak(call, memory);
  raise(call.entry->peak, call.peak);
  if (call.peak > call.highest) call.highest = call.peak;
  call.peak = 0;
}

void raise_peak(LineCall& call, std::uint64_t memory) {
  if (memory > call.peak) call.peak = memory;
}

bool is_inherited(const LineCall& call) {
  return call.generation != process().generation();
}

[[gnu::noinline]] void inherit(LineCall& call, const LineStack& stack, std::uint64_t memory,
                               std::uint64_t time) {
  call.generation = process().generation();
  call.lines->prepare(call.generation);
  call.is_shared = false;
  call.is_interleaved = false;
  call.was_left = false;
  call.memory = stack.own_memory(memory);
  call.time = time;
  call.entry = call.line == 0 ? nullptr : call.lines->entry(call.line);
  count_call(call, memory);
}

}  // namespace mprofpp::agent::python
