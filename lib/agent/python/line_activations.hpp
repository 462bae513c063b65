#pragma once

#include <cstdint>

#include "python/line_stacks.hpp"

/// Which line each call of a function is in, so that what the memory of the process gains can be added to
/// that line. Each call has a state of its own, also while it is suspended, so recursion, threads,
/// greenlets, tasks and generators never mix. A line includes what other functions add that it calls, but
/// not what calls add that are counted for the same function. Everything here requires the interpreter's
/// lock.
namespace mprofpp::agent::python {

void begin_lines(LineCounts& lines, Owner owner, const void* code, LineRole role,
                 Suspends suspends);
void end_lines(Owner owner);
void suspend_lines(Owner owner);
/// Returns false if the call was never suspended.
bool resume_lines(Owner owner);
/// Returns true if the call is suspended and was not resumed since.
bool are_lines_waiting(Owner owner);
/// Ends a call if it is suspended: it will not be resumed.
void abandon_lines(Owner owner);

/// A line starts in the innermost running call of that code.
void start_line_of_code(const void* code, std::uint32_t line);
/// A line starts in the call of that owner, if it is the innermost one.
void start_line_of_owner(Owner owner, std::uint32_t line);

/// Forgets all calls, in all threads.
void forget_line_calls();

}  // namespace mprofpp::agent::python
