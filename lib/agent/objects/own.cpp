#include "objects/own.hpp"

#include <string.h>

#include "objects/lookup.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

bool is_named(const TypeObject& type, const char* name) {
  return strcmp(type.name, name) == 0;
}

class Search {
 public:
  Search(Object* handlers, ObjectSet& own) : handlers_(handlers), own_(own) {}

  bool run() {
    add(handlers_);
    while (is_complete_ && left_.size() > 0) {
      holder_ = left_.take_last();
      traverse(
          holder_,
          [](Object* object, void* search) { return static_cast<Search*>(search)->meet(object); },
          this);
    }
    return is_complete_;
  }

 private:
  int meet(Object* object) {
    if (is_named(type_of(object), "code")) {
      meet_code(object);
    } else if (is_tracked(object) && own_.find(key_of(object)) == nullptr && is_own(object)) {
      add(object);
    }
    return is_complete_ ? 0 : 1;
  }

  /// Adds code of a function or among the constants of one, and its own constants, which it does not show to
  /// the collector.
  void meet_code(Object* code) {
    const auto& holder = type_of(holder_);
    const bool is_part = is_named(holder, "function") || is_named(holder, "tuple");
    if (!is_part || own_.find(key_of(code)) != nullptr) return;
    const Ref constants = python::attribute(code, "co_consts");
    is_complete_ = own_.put(key_of(code)) != nullptr && (!constants || left_.add(constants.get()));
    if (constants && is_tracked(constants.get()) && is_complete_)
      is_complete_ = own_.put(key_of(constants.get())) != nullptr;
  }

  void add(Object* object) {
    is_complete_ = own_.put(key_of(object)) != nullptr && left_.add(object);
  }

  /// Returns true if an object is ours to which one of ours refers.
  bool is_own(Object* object) const {
    const auto& type = type_of(object);
    if (is_named(type, "function")) return globals_of(object) == handlers_;
    if (is_named(type, "type")) return is_own_type(*reinterpret_cast<TypeObject*>(object));
    if (is_own_type(type)) return true;
    if (is_named(type, "method") || is_named(type, "builtin_function_or_method")) return true;
    if (is_named(type, "method-wrapper")) return true;
    if (is_typed(holder_) || is_named(type_of(holder_), "method-wrapper")) return false;
    if (is_named(type, "dict")) return !is_of_module(object) || is_own_type(type_of(holder_));
    return is_named(type, "tuple") || is_named(type, "list") || is_named(type, "getset_descriptor");
  }

  /// Returns true if this is the namespace of a console.
  bool is_typed(Object* object) const {
    return object != handlers_ && is_named(type_of(object), "dict") && is_of_module(object);
  }

  static bool is_of_module(Object* dict) {
    return py.PyDict_GetItemString(dict, "__name__") != nullptr;
  }

  static Object* globals_of(Object* function) {
    using Get = Object*(Object*);
    static constinit Get* get = nullptr;
    if (get == nullptr) get = python::symbol<Get>("PyFunction_GetGlobals");
    return get == nullptr ? nullptr : get(function);
  }

  bool is_own_type(const TypeObject& type) const {
    if ((type.flags & python::type_flag::is_made_at_run_time) == 0) return false;
    const Ref module(property_of_type(type, Name::module));
    const auto name = text_in(module.get());
    const auto ours = text_in(py.PyDict_GetItemString(handlers_, "__name__"));
    return name.length == ours.length && memcmp(name.bytes, ours.bytes, ours.length) == 0;
  }

  Object* handlers_;
  ObjectSet& own_;
  Array<Object*> left_;
  Object* holder_ = nullptr;
  bool is_complete_ = true;
};

}  // namespace

bool find_own(Object* handlers, ObjectSet& own) {
  return handlers == nullptr || Search(handlers, own).run();
}

bool count_objects(Reach reach, Object* handlers, Census& census) {
  const auto add = [](Object* object, void* all) { return static_cast<Census*>(all)->add(object); };
  if (!walk(reach, add, &census)) return false;
  ObjectSet own;
  const bool is_found = find_own(handlers, own);
  own.for_each(
      [&census](const Member& member) { census.remove(reinterpret_cast<Object*>(member.key)); });
  own.clear();
  census.measure_rest();
  return is_found;
}

}  // namespace mprofpp::agent::objects
