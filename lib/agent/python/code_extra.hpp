#pragma once

#include "python/api.hpp"

/// Pointers of ours that are stored with code objects for as long as those live.
namespace mprofpp::agent::python {

/// Must be called once, before everything else here. `free` will free a pointer when its code is gone
/// or gets another one. Returns false if CPython does not store pointers for us.
bool prepare_code_extra(Free* free);

/// Returns the pointer of a code object; null if it has none.
void* extra_of(Object* code);

/// Stores a pointer. Returns false if there is no memory: then `extra` still belongs to the caller.
bool keep_extra(Object* code, void* extra);

}  // namespace mprofpp::agent::python
