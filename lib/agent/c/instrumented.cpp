#include <cstdint>

#include "core/calls.hpp"
#include "core/freestanding.hpp"

/// The functions that are called by programs built with -finstrument-functions.

MPROFPP_EXPORT void __cyg_profile_func_enter(void* function, void*) {
  mprofpp::agent::enter_function(reinterpret_cast<std::uint64_t>(function));
}

MPROFPP_EXPORT void __cyg_profile_func_exit(void* function, void*) {
  mprofpp::agent::leave_function(reinterpret_cast<std::uint64_t>(function));
}
