#include "core/processor.hpp"

#include <string.h>

#include "core/freestanding.hpp"

namespace mprofpp::agent {

bool Processor::counts_for_clock() {
  char source[16];
  return read_proc_file("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                        source) &&
         strcmp(source, "tsc\n") == 0;
}

}  // namespace mprofpp::agent
