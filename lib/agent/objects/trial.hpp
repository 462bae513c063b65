#pragma once

#include "objects/index.hpp"

namespace mprofpp::agent::objects {

/// Finds what a full collection would free, by the collector's own arithmetic and without freeing anything:
/// objects that have no references except from each other. `list` has the objects that the collector looks
/// at; if it is null these are all that it tracks. Returns what find_garbage() of functions.hpp returns; null
/// if there is no memory.
Object* find_garbage(Object* list);

/// Counts the tracked objects by type, and leaves out the types of Python and of extensions. Returns what
/// count_instances() of functions.hpp returns; null if there is no memory.
Object* count_instances();

}  // namespace mprofpp::agent::objects
