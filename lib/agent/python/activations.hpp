#pragma once

#include <cstdint>

#include "calls.hpp"
#include "python/api.hpp"

/// Calls of Python functions, told by who is called: an activation has an owner (its frame, or the
/// code of a plain function) that its end names again. Generators and coroutines are suspended in
/// between, and greenlets and tasks take turns, so the calls of a thread end in any order. All of
/// it needs the interpreter's lock.
namespace mprofpp::agent::python {

using Owner = std::uint64_t;

inline Owner owner_of(const void* pointer) {
  return reinterpret_cast<Owner>(pointer);
}

/// Whether a function's calls can be suspended.
enum class Suspends : std::uint8_t { never, as_generator, as_coroutine };

void begin(Place& place, Owner owner, Suspends suspends);
void end(Owner owner, std::uint8_t flags);

/// Only of calls that can be.
void suspend(Owner owner);
/// False when it is not suspended: then it has not begun yet.
bool resume(Owner owner);
/// Whether it is suspended, and was not resumed since.
bool is_waiting(Owner owner);
/// A suspended call that will not go on.
void abandon(Owner owner);

/// A block of code under a name. Other tasks may run while its own is suspended within it.
Owner begin_block(wire::Span name);
void end_block(Owner owner, std::uint8_t flags);

void mark_here(wire::Span text);

}  // namespace mprofpp::agent::python
