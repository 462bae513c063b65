#pragma once

#include "python/api.hpp"

namespace mprofpp::agent::python {

/// Asks for the hook in every Python that has such, before Py_Initialize. False in other programs.
bool add_audit_hook(AuditHook* hook);
/// The interpreter is about to free its hooks.
void prepare_for_end_of_hooks();

}  // namespace mprofpp::agent::python
