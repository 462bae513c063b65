#pragma once

namespace mprofpp::agent::python {

/// A handle, as dlsym takes it, of the library that has this code and knows that name; null for the
/// program itself and for any other. Leaves no message for dlerror().
void* late_library(const void* code, const char* name);

}  // namespace mprofpp::agent::python
