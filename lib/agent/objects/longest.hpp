#pragma once

#include "objects/walk.hpp"

namespace mprofpp::agent::objects {

/// A list, dict, set or deque, or an object of a class that is derived from list or dict.
struct Container {
  Size length;
  Object* object;
};

/// Finds the `most` longest containers, the longest first, without those in `own`. The collector does not
/// track a dict of texts and numbers, but these are found too. Empty ones are left out. Returns false if
/// there is no memory.
bool find_longest(std::size_t most, ObjectSet& own, Array<Container>& longest);

}  // namespace mprofpp::agent::objects
