#include <array>

#include "command.hpp"

namespace mprofpp::app {

std::span<const CommandEntry> all_commands() {
  static constexpr std::array commands = {
      CommandEntry{"run", "record the memory of a program and its children", make_run_command},
      CommandEntry{"plot", "draw a recording as PNG, SVG or PDF", make_plot_command},
      CommandEntry{"peak", "print the peak of a recording", make_peak_command},
  };
  return commands;
}

}  // namespace mprofpp::app
