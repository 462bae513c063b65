#pragma once

#include "objects/text.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {

/// Returns the object that a path leads to: `main.cache`, `app.models.User`, `main.users['ann'].friends[0]`.
/// `main` is the program's __main__ module, whose globals may also be written without it. Only modules,
/// attributes that are stored, dicts, lists and tuples are followed, so that none of the program's code runs.
/// If there is no such object, returns nothing, and `why` is a sentence about that.
python::Ref find_path(wire::TextView path, Text& why);

}  // namespace mprofpp::agent::objects
