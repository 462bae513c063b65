#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"
#include "python/startup.hpp"

/// Finds Python in programs that load it while they run (uWSGI, PostgreSQL, programs made by
/// PyInstaller). A wrapper of dlopen would break it, because dlopen searches the paths that its
/// caller's file names, and the wrapper would be the caller. But the first thing that CPython
/// requests from the C library, before it creates an interpreter, is the locale.

MPROFPP_EXPORT char* mprofpp_agent_setlocale(int category, const char* locale) noexcept
    __asm__("setlocale");

char* mprofpp_agent_setlocale(int category, const char* locale) noexcept {
  using Setlocale = char*(int, const char*);
  static auto* const real = mprofpp::agent::next_function<Setlocale>("setlocale");
  if (mprofpp::agent::environment().has_variables()) {
    mprofpp::agent::python::await_embedded_interpreter(__builtin_return_address(0));
  }
  return real(category, locale);
}
