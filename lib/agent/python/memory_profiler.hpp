#pragma once

#include "python/object.hpp"

/// Programs may use memory_profiler. If it is installed, it works as usual and prints its tables, and
/// the functions that it profiles are marked too; only `mprofpp lines` replaces its `profile` by ours. If
/// it is not, a module of that name has our `profile`.
namespace mprofpp::agent::python {

/// Must be called when the program is about to import memory_profiler.
void prepare_for_memory_profiler(Object* profile);
/// Must be called if the program is or may be memory_profiler itself.
void expect_memory_profiler();
/// Returns true if memory_profiler is or may be in use. If not, nothing has to be noticed.
bool expects_memory_profiler();

/// Must be called when the program reads the `__code__` of a function. memory_profiler does that
/// with each function that it profiles, before it calls the function.
void notice_reader_of_code(Object* function);

}  // namespace mprofpp::agent::python
