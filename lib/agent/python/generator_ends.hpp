#pragma once

namespace mprofpp::agent::python {

/// 3.13.0 to 3.13.9 and 3.14.0 close a generator that waits outside of any `try` without an event
/// of sys.monitoring (python/cpython#140373).
bool closes_silently();

/// From now on calls of such generators end when they are closed or freed. False where types are
/// not laid out as expected. With the interpreter's lock, once.
bool watch_generator_ends();
/// Whether that was done. Then such a call's owner is the generator.
bool watches_generator_ends();

}  // namespace mprofpp::agent::python
