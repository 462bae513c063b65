#include "environment.hpp"
#include "exec.hpp"
#include "process.hpp"
#include "python/start.hpp"

namespace mprofpp::agent {
namespace {

/// Before the constructors of the program and of the libraries that come behind us.
__attribute__((constructor(101))) void load() {
  find_real_functions();
  process().load();
  if (environment().is_taken()) python::await_interpreter();
}

}  // namespace
}  // namespace mprofpp::agent
