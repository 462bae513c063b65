#include "python/embedded_library.hpp"

#include <dlfcn.h>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"

namespace mprofpp::agent::python {
namespace {

/// Returns the path of the library that contains the code; null for the program itself, and for a
/// library that has no symbol of that name.
const char* path_of_library(const void* code, const char* name) {
  const char* path = nullptr;
  bool is_program = true;  // the program is visited first
  visit_loaded_objects([&](const LoadedObject& object) {
    const bool is_it = object.covers(code);
    if (is_it && !is_program && object.find(name) != nullptr) path = object.path();
    is_program = false;
    return is_it;
  });
  return path;
}

}  // namespace

bool keep_embedded_library(const void* code, const char* name) {
  const KeepErrno keep_errno;
  const char* const path = path_of_library(code, name);
  if (path == nullptr) return false;
  auto* const open = find_function<decltype(::dlopen)>("dlopen");
  return open != nullptr && open(path, RTLD_LAZY | RTLD_NOLOAD) != nullptr;
}

}  // namespace mprofpp::agent::python
