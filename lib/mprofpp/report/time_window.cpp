#include "mprofpp/report/time_window.hpp"

namespace mprofpp::report {

analysis::Window window_from(const TimeWindow& window, Instant start) {
  analysis::Window times;
  if (window.from) times.begin = start + *window.from;
  if (window.to) times.end = start + *window.to;
  return times;
}

}  // namespace mprofpp::report
