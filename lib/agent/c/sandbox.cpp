#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"
#include "core/process.hpp"

/// A program that sandboxes itself (seccomp) could be killed for a system call that the agent makes.
/// Every unprivileged sandbox starts with a call of prctl, and from then on the agent makes no
/// system calls.

namespace {

using mprofpp::agent::process;

void prepare_for(int option, unsigned long value) {
  const bool is_strict = option == PR_SET_SECCOMP && value == SECCOMP_MODE_STRICT;
  // strict mode disables the processor's clock as well
  if (is_strict) return process().fall_silent();
  if (option == PR_SET_SECCOMP || option == PR_SET_NO_NEW_PRIVS) process().enter_sandbox();
}

}  // namespace

// glibc declares prctl with an ellipsis; no caller passes more arguments than these
MPROFPP_EXPORT int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b,
                                       unsigned long c, unsigned long d) noexcept __asm__("prctl");

int mprofpp_agent_prctl(int option, unsigned long a, unsigned long b, unsigned long c,
                        unsigned long d) noexcept {
  using Prctl = int(int, unsigned long, unsigned long, unsigned long, unsigned long);
  static auto* const real = mprofpp::agent::next_function<Prctl>("prctl");
  prepare_for(option, a);
  return real(option, a, b, c, d);
}
