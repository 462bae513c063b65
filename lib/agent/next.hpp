#pragma once

#include <dlfcn.h>

namespace mprofpp::agent {

/// The function of that name that the program would have called without us.
template <class Function>
Function* next_function(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace mprofpp::agent
