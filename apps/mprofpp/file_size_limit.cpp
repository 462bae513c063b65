#include "file_size_limit.hpp"

#include <signal.h>

namespace mprofpp::app {

void survive_file_size_limit() {
  struct sigaction action {};
  if (::sigaction(SIGXFSZ, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) return;
  // a handler, which exec takes away: an ignored or blocked signal would be passed on
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

}  // namespace mprofpp::app
