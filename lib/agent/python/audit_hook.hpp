#pragma once

#include "python/api.hpp"

namespace mprofpp::agent::python {

using AddAuditHook = int(AuditHook* hook, void* data);

/// Returns CPython's function that adds such hooks; null if it was not loaded with the program.
AddAuditHook* adder_of_program();
/// Adds a hook, before Py_Initialize. Returns false if that fails.
bool add_audit_hook(AddAuditHook* add, AuditHook* hook);
/// Must be called when the interpreter is about to free its hooks.
void prepare_for_end_of_hooks();

}  // namespace mprofpp::agent::python
