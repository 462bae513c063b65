#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "export.hpp"
#include "loaded_object.hpp"
#include "process.hpp"

/// A program that sandboxes itself (seccomp) may be killed for a system call it never made itself.
/// Every unprivileged sandbox begins with a call of prctl: from there on the agent makes none.

namespace {

using mprofpp::agent::process;

void prepare_for(int option, unsigned long value) {
  const bool is_strict = option == PR_SET_SECCOMP && value == SECCOMP_MODE_STRICT;
  // the strict mode takes away the processor's clock as well
  if (is_strict) return process().fall_silent();
  if (option == PR_SET_SECCOMP || option == PR_SET_NO_NEW_PRIVS) process().enter_sandbox();
}

}  // namespace

// glibc declares it with an ellipsis; every caller passes at most these
MPROFPP_EXPORT int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b,
                                       unsigned long c, unsigned long d) noexcept __asm__("prctl");

int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b, unsigned long c,
                        unsigned long d) noexcept {
  using Prctl = int(int, unsigned long, unsigned long, unsigned long, unsigned long);
  static auto* const real = mprofpp::agent::next_function<Prctl>("prctl");
  prepare_for(option, a);
  return real(option, a, b, c, d);
}
