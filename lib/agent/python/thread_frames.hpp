#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Returns a dict from the number of each thread of the current interpreter to its innermost frame; null,
/// with an exception, if that fails. Requires the lock.
///
/// sys._current_frames() gives those of all interpreters. From 3.12 on, an interpreter may have an allocator
/// of its own: that function makes frame objects with ours, which the other frees with its own. So it is only
/// called in versions that cannot list the threads of one interpreter.
Object* frames_of_threads();

}  // namespace mprofpp::agent::python
