#include "objects/walk.hpp"

#include "objects/attribute.hpp"
#include "objects/items.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"

namespace mprofpp::agent::objects {
namespace {

/// Calls the function for each object that this one refers to, with the keys that a dict does not show to the
/// collector.
void refer(Object* object, Traversed* meet, void* argument) {
  traverse(object, meet, argument);
  if (!is_dict(object)) return;
  Size position = 0;
  Object *key = nullptr, *value = nullptr;
  while (next_item(object, position, key, value)) {
    if (meet(key, argument) != 0) return;
  }
}

/// Finds the objects that code refers to, which it does not show to the collector.
class CodeParts {
 public:
  void refer(Object* code, Traversed* meet, void* argument) {
    for (int i = 0; i < count; ++i) {
      if (!names_[i]) names_[i] = python::Ref(python::py.PyUnicode_FromString(parts[i]));
      if (!names_[i]) return;
      // asking for what is not there would make an exception, and a visit must make no such objects
      if (found_in_type(type_of(code), names_[i].get()) == nullptr) continue;
      const python::Ref part = stored_attribute(code, names_[i].get());
      if (part && meet(part.get(), argument) != 0) return;
    }
  }

 private:
  // Attributes that are stored. Others are made when they are asked for; which these are depends on the
  // version.
  static constexpr const char* parts[] = {"co_consts",   "co_names",     "co_varnames",
                                          "co_freevars", "co_cellvars",  "co_filename",
                                          "co_name",     "co_qualname",  "co_code",
                                          "co_lnotab",   "co_linetable", "co_exceptiontable"};
  static constexpr int count = sizeof parts / sizeof parts[0];

  python::Ref names_[count];
};

/// Visits tracked objects, and the others to which they refer.
class Walk {
 public:
  Walk(Visitor* visit, void* argument) : visit_(visit), argument_(argument) {}
  ~Walk() { seen_.clear(); }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  bool add_tracked(Object* object) {
    is_going_on_ = visit_(object, argument_);
    if (is_going_on_) refer(object, meet, this);
    while (is_going_on_ && left_.size() > 0) look_into(left_.take_last());
    return is_going_on_;
  }
  bool is_going_on() const { return is_going_on_; }

 private:
  static int meet(Object* object, void* walk) {
    auto& self = *static_cast<Walk*>(walk);
    if (!is_tracked(object)) self.add_untracked(object);
    return self.is_going_on_ ? 0 : 1;
  }

  void add_untracked(Object* object) {
    const auto count = seen_.size();
    is_going_on_ = seen_.put(key_of(object)) != nullptr;
    if (!is_going_on_ || seen_.size() == count) return;
    const bool has_parts = is_collected(object) || kind_of(object) == Kind::code;
    is_going_on_ = visit_(object, argument_) && (!has_parts || left_.add(object));
  }

  void look_into(Object* object) {
    if (kind_of(object) == Kind::code) {
      code_parts_.refer(object, meet, this);
    } else {
      refer(object, meet, this);
    }
  }

  Visitor* visit_;
  void* argument_;
  ObjectSet seen_;
  Array<Object*> left_;
  CodeParts code_parts_;
  bool is_going_on_ = true;
};

/// Visits what one object holds.
class HeldWalk {
 public:
  HeldWalk(Visitor* visit, void* argument) : visit_(visit), argument_(argument) {}
  ~HeldWalk() { seen_.clear(); }
  HeldWalk(const HeldWalk&) = delete;
  HeldWalk& operator=(const HeldWalk&) = delete;

  bool run(Object* root) {
    add(root);
    if (is_going_on_) refer(left_.take_last(), meet, this);
    while (is_going_on_ && left_.size() > 0) go_on_from(left_.take_last());
    return is_going_on_;
  }

 private:
  static bool is_shared(Kind kind) {
    return kind == Kind::module || kind == Kind::type || kind == Kind::code || kind == Kind::frame;
  }

  void go_on_from(Object* object) {
    if (kind_of(object) != Kind::function) return refer(object, meet, this);
    static constexpr const char* parts[] = {"PyFunction_GetClosure", "PyFunction_GetDefaults",
                                            "PyFunction_GetKwDefaults"};
    for (const char* part : parts) {
      auto* const get = reinterpret_cast<Object* (*)(Object*)>(python::find_symbol(part));
      Object* const held = get == nullptr ? nullptr : get(object);
      if (held != nullptr && is_going_on_) meet(held, this);
    }
  }

  static int meet(Object* object, void* walk) {
    auto& self = *static_cast<HeldWalk*>(walk);
    if (!is_shared(kind_of(object))) self.add(object);
    return self.is_going_on_ ? 0 : 1;
  }

  void add(Object* object) {
    const auto count = seen_.size();
    is_going_on_ = seen_.put(key_of(object)) != nullptr;
    if (is_going_on_ && seen_.size() > count) {
      is_going_on_ = visit_(object, argument_) && left_.add(object);
    }
  }

  Visitor* visit_;
  void* argument_;
  ObjectSet seen_;
  Array<Object*> left_;
  bool is_going_on_ = true;
};

/// Passes on whether the visitor has ended the visit.
struct Guard {
  Visitor* visit;
  void* argument;
  bool is_going_on = true;
};

}  // namespace

bool walk(Reach reach, Visitor* visit, void* argument) {
  if (reach == Reach::tracked) {
    Guard guard{visit, argument};
    const auto pass = [](Object* object, void* one) {
      auto& passed = *static_cast<Guard*>(one);
      return passed.is_going_on = passed.visit(object, passed.argument);
    };
    return visit_tracked(pass, &guard) && guard.is_going_on;
  }
  Walk all(visit, argument);
  const auto add = [](Object* object, void* one) {
    return static_cast<Walk*>(one)->add_tracked(object);
  };
  return visit_tracked(add, &all) && all.is_going_on();
}

bool walk_held(Object* object, Visitor* visit, void* argument) {
  return HeldWalk(visit, argument).run(object);
}

}  // namespace mprofpp::agent::objects
