#pragma once

namespace mprofpp::agent::python {

/// Returns true for 3.13.0 to 3.13.9 and 3.14.0, which close a generator that waits outside of any
/// `try` without an event of sys.monitoring (python/cpython#140373).
bool closes_silently();

/// Makes the calls of such generators end when the generators are closed or freed. Returns false if
/// types are not laid out as expected. Must be called at most once, with the interpreter's lock.
bool watch_generator_ends();
/// Puts the interpreter's own functions back, if that was done.
void unwatch_generator_ends();
/// Returns true if that was done. Then the owner of such a call is the generator.
bool watches_generator_ends();

}  // namespace mprofpp::agent::python
