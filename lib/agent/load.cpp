#include "c/wrappers.hpp"
#include "core/agent_call.hpp"
#include "core/environment.hpp"
#include "core/exit_report.hpp"
#include "core/process.hpp"
#include "core/thread.hpp"
#include "python/startup.hpp"

namespace mprofpp::agent {
namespace {

/// Runs before the constructors of the program and of the libraries that come after this one.
__attribute__((constructor(101))) void load() {
  find_real_execs();
  find_real_exits();
  call_at_thread_end(end_calls);
  process().load();
  prepare_exit_reports();
  if (environment().has_variables()) python::await_interpreter();
}

}  // namespace
}  // namespace mprofpp::agent
