#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::proc {

/// The time that a tick has for closer looks, counted from construction: a quarter of the interval in CPU
/// time. It ends a tenth of the interval before the next tick is due, so that there is time to write the
/// line. A tick that is already later than that has missed the next one anyway and gets all of the quarter:
/// if the machine lets the recorder run too rarely, each tick has to see more.
class LookTime {
 public:
  using Clock = std::chrono::steady_clock;

  LookTime(Duration interval, Clock::time_point next_due);

  bool is_over() const;

 private:
  Clock::time_point deadline_;
  Duration cpu_limit_;
};

}  // namespace mprofpp::proc
