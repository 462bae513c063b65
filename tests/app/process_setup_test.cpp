#include "console/process_setup.hpp"

#include <doctest/doctest.h>
#include <signal.h>

using namespace mprofpp::app;

namespace {

/// Returns true if the signal of the file size limit has that disposition.
bool is_handled_by(sighandler_t handler) {
  struct sigaction action {};
  ::sigaction(SIGXFSZ, nullptr, &action);
  return action.sa_handler == handler;
}

}  // namespace

TEST_CASE("the signal of the file size limit does not end the process") {
  ::signal(SIGXFSZ, SIG_DFL);
  report_file_size_limit();
  CHECK_FALSE(is_handled_by(SIG_DFL));
  CHECK(::raise(SIGXFSZ) == 0);
  ::signal(SIGXFSZ, SIG_DFL);
}

TEST_CASE("an ignored signal of the file size limit stays ignored, for programs that are started") {
  ::signal(SIGXFSZ, SIG_IGN);
  report_file_size_limit();
  CHECK(is_handled_by(SIG_IGN));
  ::signal(SIGXFSZ, SIG_DFL);
}
