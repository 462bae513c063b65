#pragma once

namespace mprofpp::agent::python {

/// Whether the code at that address belongs to a library, not to the program itself, that offers a
/// symbol of that name. Such a library then stays loaded to the end.
bool keep_late_library(const void* code, const char* name);

}  // namespace mprofpp::agent::python
