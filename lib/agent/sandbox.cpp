#include <sys/prctl.h>

#include "export.hpp"
#include "next.hpp"
#include "process.hpp"

/// A program that sandboxes itself (seccomp) may be killed for a system call it never made itself.
/// Every unprivileged sandbox begins with one of two calls of prctl: from there on the agent makes
/// none.

namespace {

bool begins_sandbox(int option) {
  return option == PR_SET_SECCOMP || option == PR_SET_NO_NEW_PRIVS;
}

}  // namespace

// glibc declares it with an ellipsis; every caller passes at most these
MPROFPP_EXPORT int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b,
                                       unsigned long c, unsigned long d) noexcept __asm__("prctl");

int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b, unsigned long c,
                        unsigned long d) noexcept {
  using Prctl = int(int, unsigned long, unsigned long, unsigned long, unsigned long);
  static auto* const real = mprofpp::agent::next_function<Prctl>("prctl");
  if (begins_sandbox(option)) mprofpp::agent::process().enter_sandbox();
  return real(option, a, b, c, d);
}
