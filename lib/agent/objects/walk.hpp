#pragma once

#include "objects/census.hpp"

namespace mprofpp::agent::objects {

/// Which objects are visited.
enum class Reach {
  tracked,  ///< those that the collector tracks
  all       ///< also those to which only these refer, directly or through others
};

/// Calls the function once for each object of the program. Returns false if there was no memory, or the
/// function has returned false.
bool walk(Reach reach, Visitor* visit, void* argument);

/// Calls the function once for this object and for each object that it holds, directly or through others.
/// Modules, classes, code and frames are not visited unless it is one itself, because they do not belong to
/// one object, and of functions only their defaults and closures. Returns false as walk() does.
bool walk_held(Object* object, Visitor* visit, void* argument);

}  // namespace mprofpp::agent::objects
