#pragma once

#include "calls.hpp"
#include "python/activations.hpp"
#include "python/object.hpp"

/// What the agent knows of code objects. Functions are marked by their code: nothing is wrapped, a
/// marked function is the same object as before, whoever holds it.
namespace mprofpp::agent::python {

/// What is kept with a code object, as long as it lives.
struct Marked {
  Place place;
  Suspends suspends;
  bool is_selected;
  bool was_ignored;  ///< before it was selected
  bool has_events;   ///< sys.monitoring has been told
};

/// Once, before all else here.
bool prepare_codes();

/// Null of code that nothing has been decided about.
Marked* known(Object* code);

/// Decides by the patterns, when a code object is run for the first time.
Marked* decide(Object* code, Object* globals);

/// Marks it under that name. Null when there is no memory.
Marked* select(Object* code, const char* name);

/// `module.qualname` in memory of malloc. A program's main module is called the same in every
/// process.
char* full_name(wire::Span module, wire::Span qualified);

}  // namespace mprofpp::agent::python
