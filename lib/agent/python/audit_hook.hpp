#pragma once

#include "python/api.hpp"

namespace mprofpp::agent::python {

using AddAuditHook = int(AuditHook* hook, void* data);

/// The function of CPython that adds such hooks, if the program was started with it; else null.
AddAuditHook* adder_of_program();
/// Adds one, before Py_Initialize. False when it cannot.
bool add_audit_hook(AddAuditHook* add, AuditHook* hook);
/// The interpreter is about to free its hooks.
void prepare_for_end_of_hooks();

}  // namespace mprofpp::agent::python
