#pragma once

#include "mprofpp/mark/event_time.hpp"
#include "mprofpp/mark/memory_line.hpp"

namespace mprofpp::mark {

/// The clock and the memory curve of a recording. A process that makes marks knows neither: they give its
/// events their times in the recording and the values of the MEM line at those times.
struct Timeline {
  EventTime clock;
  MemoryLine memory;
};

}  // namespace mprofpp::mark
