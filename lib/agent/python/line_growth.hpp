#pragma once

#include "python/line_stacks.hpp"

/// Adds to the numbers of wire/line_table.hpp. Memory is in bytes and may be unknown (wire::unknown_rss), and
/// time is in nanoseconds. Everything here requires the interpreter's lock.
namespace mprofpp::agent::python {

// Each of these counts a call once for its function, if it is not a call of nested code.
void count_call(const LineCall& call, std::uint64_t memory_at_entry);
void count_end(const LineCall& call);
void count_interleaved(LineCall& call);
/// Counts the call if other Python threads exist.
void count_shared(LineCall& call);

/// Adds what the memory has gained since the line started, or since the last addition.
void add_to_line(LineCall& call, const LineStack& stack, std::uint64_t memory, std::uint64_t time);
/// Ends an execution of the line.
void finish_line(LineCall& call, const LineStack& stack, std::uint64_t memory, std::uint64_t time);
/// Notes that the memory was that large during the line.
void raise_peak(LineCall& call, std::uint64_t memory);

/// Returns true for a call that a forked child has inherited and in which nothing has happened there.
bool is_inherited(const LineCall& call);
/// Lets such a call go on, from the memory of this moment.
void inherit(LineCall& call, const LineStack& stack, std::uint64_t memory, std::uint64_t time);

}  // namespace mprofpp::agent::python
