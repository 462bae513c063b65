#pragma once

#include "core/table.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {

/// Decides which code belongs to the functions that a pattern selects. Each decision is made once. Requires
/// the interpreter's lock.
class CallNames {
 public:
  constexpr CallNames() = default;

  /// Takes a shell pattern on module.qualname; `main` is also a name of the main module.
  void begin(const char* pattern);
  /// Forgets the pattern and all decisions.
  void end();

  /// Returns the name of the function if it is selected, and null otherwise. The name lives until end().
  const char* selected(python::Object* code, python::Object* globals);

 private:
  /// A decision about a code object, to which there is a reference.
  struct Known {
    std::uint64_t key = 0;
    char* name = nullptr;  ///< from malloc; null if it is not selected
  };

  void decide_functions();
  Known decide(python::Object* code, python::Object* globals, python::Object* qualified) const;
  bool matches(const char* name) const;
  const Known* keep(const Known& known);

  static constexpr std::size_t longest_pattern = 1000;

  Table<Known> known_;
  char pattern_[longest_pattern] = {};
};

}  // namespace mprofpp::agent::objects
