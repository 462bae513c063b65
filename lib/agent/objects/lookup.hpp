#pragma once

#include "objects/heap.hpp"
#include "objects/text.hpp"
#include "python/object.hpp"

/// Attributes of types, without the code that getattr() may run. Requires the interpreter's lock.
namespace mprofpp::agent::objects {

enum class Name { size_of, module, qualified_name };
inline constexpr int number_of_names = 3;

/// Returns what the type or its bases have by that name, borrowed; null if they have nothing.
Object* found_in_type(const TypeObject& type, Name name);
Object* found_in_type(const TypeObject& type, Object* name);

/// Gives up what this has kept for the next call: the interpreter may end before that.
void forget_names();

/// Returns the result of a function of Python itself without arguments, such as sys.getallocatedblocks();
/// nothing if the program has not imported the module, or has put something else in its place.
python::Ref call_builtin(const char* module, const char* name);

/// Returns the function that a method of a type in C calls; null if this is another object.
const python::Method* method_in(Object* descriptor);
/// Returns true if call_method() can call a method in this way.
bool can_call(const python::Method& method);
/// Calls a method in C without arguments. Returns a new reference; null if it fails.
Object* call_method(Object* object, Object* descriptor);
/// Returns the type to which a descriptor belongs.
const TypeObject& owner_of(Object* descriptor);

/// Returns what a property of `type` gives for a type, as a new reference; null if it has none. No property
/// that the program defines runs.
Object* property_of_type(const TypeObject& type, Name name);

/// Returns true if the object is a str, and not of a class that is derived from it.
bool is_text(Object* object);
/// Returns the bytes of a str, which are valid as long as it lives; an empty text for other objects. May keep
/// them in a str that is not ASCII, so this is for names.
wire::TextView text_in(Object* object);

/// Adds the name of a type as people write it: `dict`, `collections.deque`, `main.Node`.
void add_name(const TypeObject& type, Text& text);

}  // namespace mprofpp::agent::objects
