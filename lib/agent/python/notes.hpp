#pragma once

#include "python/api.hpp"

/// A pointer of ours with a code object, for as long as it lives.
namespace mprofpp::agent::python {

/// Once, before all else here; with what frees a note when its code is gone or gets another one.
bool prepare_notes(Free* free);

/// Null when there is none.
void* note_of(Object* code);

/// False when there is no memory, and then `note` is still the caller's.
bool keep_note(Object* code, void* note);

}  // namespace mprofpp::agent::python
