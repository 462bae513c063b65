#pragma once

#include <cstdint>

#include "core/line_counts.hpp"
#include "mprofpp/wire/record.hpp"
#include "python/activations.hpp"

/// The running calls of functions whose lines are counted. Each greenlet has a stack of them, and so has
/// what runs in a thread without greenlets. Everything here requires the interpreter's lock and takes the
/// same time however many calls and greenlets there are.
namespace mprofpp::agent::python {

/// Whether code is the function that is counted, or defined in it.
enum class LineRole : std::uint8_t { function, nested };

/// A call of a function whose lines are counted.
struct LineCall {
  LineCall* below;  ///< in its stack, older; or the next free one
  /// Of the same function, the next one below in the stack; null if there is none.
  LineCall* outer;
  LineCounts* lines;
  wire::LineEntry* entry;  ///< of the line that runs; null if there is none
  Owner owner;
  const void* code;
  /// LineStack::own_memory() at the start of the line, or up to which its growth was added.
  std::uint64_t memory;
  std::uint64_t time;     ///< of that
  std::uint64_t peak;     ///< bytes, the largest during the line; 0 if not known
  std::uint64_t highest;  ///< the largest of those during the call
  std::uint32_t line;     ///< 0 if there is none
  std::uint32_t generation;
  LineRole role;
  bool is_shared;
  bool is_interleaved;
  bool was_left;  ///< by another greenlet's turn, like all calls below it
};

/// The calls of a greenlet, the innermost first.
struct LineStack {
  LineCall* top;
  LineStack* below;  ///< the next free one
  std::uint64_t greenlet;
  std::uint64_t number;   ///< which no other stack has; 0 if it is not known yet
  std::uint64_t others;   ///< bytes that other greenlets of the thread have added in their turns
  std::uint64_t left_at;  ///< bytes that all greenlets had added when its last turn ended

  /// Returns the memory without what other greenlets have added since the stack exists, so that the
  /// difference of two such values is the growth in between that may be the greenlet's own. The value may
  /// be below zero, as a number of 64 bits.
  std::uint64_t own_memory(std::uint64_t memory) const {
    return memory == wire::unknown_rss ? memory : memory - others;
  }
};

/// Returns the stack of the greenlet that runs, after noting whose turn has ended; null if there is no
/// memory.
LineStack* running_stack();
/// Notes the memory at an event of the greenlet that runs.
void note_memory(std::uint64_t memory);
/// Returns true if calls are running in this thread, in any greenlet of it.
bool are_lines_running();

/// Forgets all calls, in all threads.
void forget_line_stacks();

/// Returns null if there is no memory. The call is of no stack.
LineCall* make_line_call();
void give_back(LineCall* call);
void push(LineStack& stack, LineCall& call);
/// Takes a call off its stack, and with it those above it, whose end was not reported. Returns null if
/// there is no such call. What the call refers to stays as it was.
LineCall* take_off(LineStack& stack, Owner owner);

}  // namespace mprofpp::agent::python
