#pragma once

#include "objects/census.hpp"
#include "objects/text.hpp"

namespace mprofpp::agent::objects {

/// Finds the counted types of a name: `main.Node` and, if none is called so, those whose name ends with it
/// after a dot (`Node`). Returns false if there is no memory.
bool find_types(Census& census, wire::TextView name, Array<const Counted*>& found);

/// Adds the names of the counted types that are most like that one, as an array of JSON.
void add_near_names(Text& text, Census& census, wire::TextView name);

}  // namespace mprofpp::agent::objects
