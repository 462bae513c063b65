#include "environment.hpp"
#include "export.hpp"
#include "loaded_object.hpp"
#include "python/start.hpp"

/// Programs that load Python while they run (uWSGI, PostgreSQL, what PyInstaller makes): to look
/// behind every dlopen would break it, because it searches where its caller's file says. But the
/// first thing that CPython asks of the C library, before it makes an interpreter, is the locale.

MPROFPP_EXPORT char* mprofpp_agent_setlocale(int category, const char* locale) noexcept
    __asm__("setlocale");

char* mprofpp_agent_setlocale(int category, const char* locale) noexcept {
  using Setlocale = char*(int, const char*);
  static auto* const real = mprofpp::agent::next_function<Setlocale>("setlocale");
  if (mprofpp::agent::environment().is_taken()) {
    mprofpp::agent::python::await_late_interpreter(__builtin_return_address(0));
  }
  return real(category, locale);
}
