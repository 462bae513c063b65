#pragma once

#include "objects/search.hpp"

namespace mprofpp::agent::objects {

/// The arguments of find_holders().
struct HoldersRequest {
  Object* addresses;  ///< a list of int
  Object* closed;     ///< a list of objects of ours; itself one of them
  Object* own;        ///< the globals of frames of ours
  std::size_t count;
  unsigned depth;
  std::uint64_t longest_search;  ///< nanoseconds, without those for the index
};

/// Answers it as functions.hpp says. Returns null if there is no memory.
Object* find_holders(const HoldersRequest& request);

}  // namespace mprofpp::agent::objects
