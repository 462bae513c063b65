#pragma once

#include "objects/array.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::door {

/// The classes of our code in Python. A class refers to itself, so that only the collector frees it. Until
/// then it would be counted among the program's objects, for ever in a program that turns the collector off.
class OwnClasses {
 public:
  /// Takes those of that module that have a name in the namespace. Requires the lock, as clear() does.
  void take(python::Object* names, const char* module);
  /// Frees them as the collector does, except for those to which anything else still refers.
  void clear();

 private:
  objects::Array<python::Object*> classes_;  ///< with a reference to each
};

}  // namespace mprofpp::agent::door
