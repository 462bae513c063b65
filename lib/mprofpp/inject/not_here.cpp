// Takes the place of ptrace/ on processors on which no test has entered a process.

#include "mprofpp/inject/ptrace/injection.hpp"

namespace mprofpp::inject {

Result<void> check_processor() {
  return fail(Errc::unsupported, "", "entering a process is not tested on this processor yet");
}

Result<Entered> enter_by_tracing(const Order&, const Limits&) {
  return Failure(check_processor().error());
}

}  // namespace mprofpp::inject
