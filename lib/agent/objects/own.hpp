#pragma once

#include "objects/walk.hpp"

namespace mprofpp::agent::objects {

/// Finds the objects of ours that the collector tracks: the namespace of the code in Python that answers
/// requests, which may be null, and what is in it, but not the values that somebody has typed. Returns false
/// if there is no memory.
bool find_own(Object* handlers, ObjectSet& own);

/// Counts objects by type, without those of ours. Returns false if there is no memory.
bool count_objects(Reach reach, Object* handlers, Census& census);

}  // namespace mprofpp::agent::objects
