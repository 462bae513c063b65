#pragma once

#include <cstdint>

namespace mprofpp::agent::python {

/// Returns a number for the greenlet that is running; 0 for the first one of a thread and if there
/// are no greenlets. A number may be used again when its greenlet is gone.
std::uint64_t current_greenlet();
/// Must be called when the program has imported greenlet or is about to.
void expect_greenlets();

/// Returns true if greenlets may take turns in a thread.
bool has_greenlets();

/// Returns true if there are other threads that run Python code, or wait to.
bool has_other_threads();

/// Returns a number for the asyncio task that is running; 0 outside of a task. Preserves an exception
/// that is being raised.
std::uint64_t current_task();

}  // namespace mprofpp::agent::python
