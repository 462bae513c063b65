#include "inspection/interruptions.hpp"

#include <signal.h>

namespace mprofpp::app {

using inspect::Wish;

Wish Interruptions::read() {
  constexpr int most = 3;
  const auto signal = signals_.next();
  if (signal == SIGTERM || signal == SIGHUP) {
    is_over_ = true;
    return Wish::leave;
  }
  if (signal == SIGTSTP) ::raise(SIGSTOP);
  if (signal != SIGINT) return Wish::nothing;
  ++count_;
  if (count_ == most) return Wish::leave;
  if (count_ == 2) {
    console_.note("the code has not stopped; Ctrl-C again leaves it, and ends the console");
  }
  return Wish::interrupt;
}

}  // namespace mprofpp::app
