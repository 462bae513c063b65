#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "c/wrappers.hpp"
#include "core/exit_report.hpp"
#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"

/// Wraps the ways in which a process exits. exit() and a return from main run the destructor; the
/// other ways are functions of their own. fork() is wrapped as well, because after it there are two
/// processes that exit.

namespace mprofpp::agent {
namespace {

/// The libc functions that ours call. They are looked up in advance, because a signal handler may
/// call ours.
struct Real {
  void (*exit_now)(int);
  void (*quick_exit)(int);
  pid_t (*fork)();
};
__attribute__((section(".data"))) constinit Real real{};  // see environment.cpp

__attribute__((destructor)) void unload() {
  report_exit();
}

[[noreturn]] void exit_now(int status) {
  report_exit();
  if (real.exit_now != nullptr) real.exit_now(status);
  while (true) ::syscall(SYS_exit_group, status);
}

}  // namespace

void find_real_exits() {
  real.exit_now = next_function<void(int)>("_exit");
  real.quick_exit = next_function<void(int)>("quick_exit");
  real.fork = next_function<pid_t()>("fork");
}

}  // namespace mprofpp::agent

namespace agent = mprofpp::agent;

MPROFPP_EXPORT __attribute__((noreturn)) void mprofpp_agent_exit(int status) noexcept
    __asm__("_exit");
MPROFPP_EXPORT __attribute__((noreturn)) void mprofpp_agent_Exit(int status) noexcept
    __asm__("_Exit");
MPROFPP_EXPORT __attribute__((noreturn)) void mprofpp_agent_quick_exit(int status) noexcept
    __asm__("quick_exit");
MPROFPP_EXPORT pid_t mprofpp_agent_fork() noexcept __asm__("fork");

void mprofpp_agent_exit(int status) noexcept {
  agent::exit_now(status);
}

void mprofpp_agent_Exit(int status) noexcept {
  agent::exit_now(status);
}

void mprofpp_agent_quick_exit(int status) noexcept {
  agent::report_exit();
  agent::real.quick_exit(status);
  __builtin_unreachable();
}

pid_t mprofpp_agent_fork() noexcept {
  const pid_t pid = agent::real.fork();
  if (pid == 0) agent::report_as_new_process();
  return pid;
}
