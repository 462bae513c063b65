#pragma once

#include "core/table.hpp"
#include "objects/array.hpp"
#include "objects/size.hpp"

namespace mprofpp::agent::objects {

/// A type, and its objects.
struct Counted {
  std::uint64_t key = 0;  ///< the address of the type
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  Recipe recipe;

  const TypeObject& type() const { return *reinterpret_cast<const TypeObject*>(key); }
};

/// An object in a set.
struct Member {
  std::uint64_t key = 0;
};
using ObjectSet = Table<Member>;

inline std::uint64_t key_of(const void* object) {
  return reinterpret_cast<std::uint64_t>(object);
}

/// The objects of a program by their types. They are counted in memory of our own, of about 100 bytes for
/// each type. Requires the interpreter's lock for as long as it lives, because the types may go.
class Census {
 public:
  Census() = default;
  ~Census();
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;

  /// Counts an object. Returns false if there is no memory.
  bool add(Object* object) {
    Counted* const counted = of_type(type_of(object));
    if (counted == nullptr) return false;
    ++counted->count;
    if (counted->recipe.measure == Measure::foreign) return put_off(object);
    counted->bytes += measured(object, counted->recipe);
    return true;
  }
  /// Takes an object back that was counted.
  void remove(Object* object);
  /// Measures the objects of extensions, which is not possible during a visit. Call it once, afterwards.
  void measure_rest();

  Table<Counted>& types() { return types_; }
  /// Returns true if there is code in Python that would measure some of the objects.
  bool is_lower_bound();

 private:
  Counted* of_type(const TypeObject& type) {
    if (last_ != nullptr && last_->key == key_of(&type)) return last_;
    return last_ = look_up(type);
  }
  Counted* look_up(const TypeObject& type);
  bool put_off(Object* object);

  Table<Counted> types_;
  Counted* last_ = nullptr;
  Array<Object*> rest_;  ///< with references
};

}  // namespace mprofpp::agent::objects
