#pragma once

namespace mprofpp::agent::python {

/// Returns true if the code at that address belongs to a library (not to the program itself) that
/// exports a symbol of that name. The library then stays loaded until the process exits.
bool keep_embedded_library(const void* code, const char* name);

}  // namespace mprofpp::agent::python
