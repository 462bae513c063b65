#pragma once

#include "python/api.hpp"

/// The objects of the program, as Python's garbage collector knows them. Everything here requires the
/// interpreter's lock. No references are made, and none of the program's code runs.
namespace mprofpp::agent::objects {

using python::Object;
using python::Size;
using python::TypeObject;

/// Returns the type of an object, without a reference.
inline const TypeObject& type_of(const Object* object) {
  const auto& head = *reinterpret_cast<const python::ObjectHead*>(object);
  return *reinterpret_cast<const TypeObject*>(head.type);
}
inline Object* as_object(const TypeObject& type) {
  return reinterpret_cast<Object*>(const_cast<TypeObject*>(&type));
}

/// Returns true if the object has a head of the collector, and so may refer to others.
inline bool is_collected(Object* object) {
  const auto& type = type_of(object);
  return (type.flags & python::type_flag::is_collected) != 0 &&
         (type.is_collected == nullptr || type.is_collected(object) != 0);
}
inline const python::CollectorHead& collector_head(const Object* object) {
  return reinterpret_cast<const python::CollectorHead*>(object)[-1];
}
inline bool is_tracked(Object* object) {
  return is_collected(object) && collector_head(object).next != nullptr;
}

/// Is called with an object. Must not make or free objects. Returns false to end the visit.
using Visitor = bool(Object* object, void* argument);
/// Calls the function for each object that the collector tracks, also for those in gc.freeze() if the version
/// of Python shows them. Returns false if they cannot be visited: in builds without the interpreter's lock,
/// or if there is no memory. Those of other interpreters in this process are not visited.
bool visit_tracked(Visitor* visit, void* argument);
/// Returns true if visit_tracked() also visits objects in gc.freeze().
bool visits_frozen();

/// Keeps the collector from running while it lives: up to 3.11, making an object may start a collection,
/// which frees objects. From 3.12 on only code in Python does.
class CollectionsPaused {
 public:
  CollectionsPaused();
  ~CollectionsPaused() { end(); }
  CollectionsPaused(const CollectionsPaused&) = delete;
  CollectionsPaused& operator=(const CollectionsPaused&) = delete;

  /// Lets it run again, before code of the program does.
  void end();

 private:
  int threshold_ = 0;  ///< 0 if there is nothing to change back
};

/// Is called with an object that another one refers to. Returns a number that is not 0 to end that.
using Traversed = int(Object* object, void* argument);
/// Calls the function for each object that this one shows to the collector. A dict does not show keys that
/// are str, and code objects show nothing.
inline void traverse(Object* object, Traversed* visit, void* argument) {
  const auto& type = type_of(object);
  if (is_collected(object) && type.traverse != nullptr) type.traverse(object, visit, argument);
}

}  // namespace mprofpp::agent::objects
