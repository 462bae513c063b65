#include <array>

#include "command.hpp"

namespace mprofpp::app {

std::span<const CommandEntry> all_commands() {
  static constexpr std::array commands = {
      CommandEntry{"run", "record the memory of a program and its children", make_run_command},
      CommandEntry{"attach", "record processes that run already", make_attach_command},
      CommandEntry{"mark", "write a named point in time into the running recording",
                   make_mark_command},
      CommandEntry{"span", "run a command and show it as a span of the running recording",
                   make_span_command},
      CommandEntry{"plot", "draw a recording as PNG, SVG or PDF", make_plot_command},
      CommandEntry{"peak", "print the peak of a recording or of a function in it",
                   make_peak_command},
      CommandEntry{"list", "list the recordings of this folder", make_list_command},
      CommandEntry{"rm", "remove recordings by index or name", make_rm_command},
      CommandEntry{"clean", "remove all recordings of this folder", make_clean_command},
  };
  return commands;
}

}  // namespace mprofpp::app
