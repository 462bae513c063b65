#pragma once

#include "core/calls.hpp"
#include "python/activations.hpp"
#include "python/line_activations.hpp"
#include "python/object.hpp"

/// Marks code objects. A function is marked by its code object: nothing is wrapped, and a marked
/// function is the same object as before for all code that refers to it.
namespace mprofpp::agent::python {

/// The data that is stored with a code object for as long as it lives.
struct Marked {
  Place place;
  Suspends suspends;
  bool is_selected;   ///< its calls are marked
  bool is_decided;    ///< by the patterns, or by a decorator
  bool was_ignored;   ///< before it was selected
  int events;         ///< that sys.monitoring reports
  LineCounts* lines;  ///< where its lines are counted; null if they are not
  LineRole role;
  Object* code;  ///< borrowed: this object does not outlive it
  // all others with code of their own
  Marked* next;
  Marked* previous;

  /// Returns true if it matters when this code runs.
  bool is_watched() const { return is_selected || lines != nullptr; }
};

/// Must be called once, before everything else here. Returns false if nothing can be stored with
/// code objects.
bool prepare_codes();

/// Forgets all decisions: nothing is marked any more, and everything is decided again when it runs next.
/// `leave` is called before for all code that was watched.
void forget_codes(void leave(Object* code));

/// Returns what is stored with a code object; null if nothing has been decided about it.
Marked* marked_of(Object* code);

/// Decides by the patterns whether to mark a code object that runs for the first time.
Marked* decide(Object* code, Object* globals);

/// Does the same before it runs, for code that is defined within a function of that module. Versions
/// before 3.11 do that when the module runs, and not here.
void decide_within(Object* code, wire::TextView module);

/// Marks a code object under that name. Returns null if there is no memory.
Marked* select(Object* code, const char* name);
/// Returns what is stored with a code object, after making sure that it is its own; null if there is no
/// memory.
Marked* own_marked_of(Object* code);

/// Returns `module.qualname` in memory from malloc; null if there is none. The main module of a
/// program has the same name in every process.
char* full_name(wire::TextView module, wire::TextView qualified);

}  // namespace mprofpp::agent::python
