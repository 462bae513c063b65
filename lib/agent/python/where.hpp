#pragma once

#include <cstdint>

namespace mprofpp::agent::python {

/// The greenlet that is running, by a number of its own; 0 in the thread's first one and wherever
/// there are no greenlets. A number is used again when its greenlet is gone.
std::uint64_t current_greenlet();
/// The program has imported them, or is about to.
void expect_greenlets();

/// The same for asyncio's tasks; 0 outside of one. Any exception is put aside meanwhile.
std::uint64_t current_task();

}  // namespace mprofpp::agent::python
