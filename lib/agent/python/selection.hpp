#pragma once

namespace mprofpp::agent::python {

/// The functions that the user has asked for by patterns on module.qualname.
void read_patterns();
/// Whether there are any.
bool is_tracing();
bool is_wanted(const char* name);

}  // namespace mprofpp::agent::python
