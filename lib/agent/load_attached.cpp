#include "core/agent_call.hpp"
#include "core/thread.hpp"

namespace mprofpp::agent {
namespace {

/// Runs when the library is loaded into a program that runs already. Until its door is opened it does
/// nothing.
__attribute__((constructor(101))) void load() {
  call_at_thread_end(end_calls);
}

}  // namespace
}  // namespace mprofpp::agent
