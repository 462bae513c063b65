#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::door {

/// Returns a dict from the number of each thread of the current interpreter to its innermost frame; null, and
/// no exception, if this Python cannot list them natively. Requires the lock.
///
/// sys._current_frames() gives those of all interpreters. From 3.12 on, an interpreter may have an allocator
/// of its own: that function makes frame objects with ours, which the other frees with its own.
python::Object* frames_of_threads();

/// Returns how many interpreters the program has in addition to the current one. Requires the lock.
int count_other_interpreters();

}  // namespace mprofpp::agent::door
