#pragma once

#include <cstdint>

#include "core/calls.hpp"
#include "python/api.hpp"

/// Calls of Python functions. Each call has an owner, which identifies it again when it ends: its
/// frame or generator, or the code of a plain function. Generators and coroutines are suspended in
/// between, and greenlets and tasks take turns, so the calls of a thread end in any order.
/// Everything here requires the interpreter's lock.
namespace mprofpp::agent::python {

using Owner = std::uint64_t;

inline Owner owner_of(const void* pointer) {
  return reinterpret_cast<Owner>(pointer);
}

/// How the calls of a function can be suspended, if they can.
enum class Suspends : std::uint8_t { never, as_generator, as_coroutine };

void begin(Place& place, Owner owner, Suspends suspends);
/// Ends a call. `flags` is wire::raised or 0.
void end(Owner owner, std::uint8_t flags);

/// Suspends a call that can be suspended.
void suspend(Owner owner);
/// Resumes a call. Returns false if it was never suspended: then it has not started yet.
bool resume(Owner owner);
/// Returns true if the call is suspended and was not resumed since.
bool is_waiting(Owner owner);
/// Ends a call if it is suspended: it will not be resumed.
void abandon(Owner owner);

/// Forgets all suspended calls.
void forget_suspended();

/// Starts a named block of code. Other tasks may run while the block's own task is suspended in it.
/// Returns 0 if no recorder listens.
Owner begin_block(wire::TextView name);
/// Ends a block. Has no effect if `owner` is 0.
void end_block(Owner owner, std::uint8_t flags);

/// Marks this moment, in the lane of the running code.
void mark_moment(wire::TextView text);

}  // namespace mprofpp::agent::python
