#pragma once

#include "objects/heap.hpp"
#include "objects/text.hpp"

namespace mprofpp::agent::objects {

/// Whose code may make the text of a value.
enum class Shown { by_us, by_program };

/// Adds a short text for an object: the values of Python's own types, and how much a container holds. Of
/// other objects what repr() gives, if the program may be asked; that runs any code and may give up the
/// lock, so it requires a reference to the object. Otherwise adds nothing and returns false. If the client
/// interrupts that, `shown` changes, so that later objects are not asked.
bool append_value(Text& text, Object* object, Shown& shown);
/// Adds the same as a string of JSON, or null.
void add_value(Text& text, Object* object, Shown& shown);

}  // namespace mprofpp::agent::objects
