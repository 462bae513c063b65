#include <array>

#include "cli/command.hpp"

namespace mprofpp::app {

std::span<const CommandEntry> all_commands() {
  static constexpr std::array commands = {
      CommandEntry{"run", "record the memory of a program; -C adds its children to the total",
                   make_run_command},
      CommandEntry{"attach", "record processes that are already running", make_attach_command},
      CommandEntry{"mark", "add a named point in time to the running recording", make_mark_command},
      CommandEntry{"span", "run a command and record it as a span", make_span_command},
      CommandEntry{"plot", "draw a recording: a picture, a page to explore, or text",
                   make_plot_command},
      CommandEntry{"peak", "print the peak memory of a recording or a function", make_peak_command},
      CommandEntry{"leak", "find out whether a recording leaks memory, how fast and where",
                   make_leak_command},
      CommandEntry{"lines", "print which lines of Python functions took the memory",
                   make_lines_command},
      CommandEntry{"loadtest", "run a service under load and report whether it leaks",
                   make_loadtest_command},
      CommandEntry{"stacks", "print what a running Python program does: its stacks",
                   make_stacks_command},
      CommandEntry{"console", "run Python code in a running program", make_console_command},
      CommandEntry{"objects", "print which types of Python objects grow", make_objects_command},
      CommandEntry{"holders", "print what holds an object of a running Python program",
                   make_holders_command},
      CommandEntry{"gc", "print what Python's garbage collector does and would free",
                   make_gc_command},
      CommandEntry{"list", "list the recordings in this folder", make_list_command},
      CommandEntry{"rm", "remove recordings by index or name", make_rm_command},
      CommandEntry{"clean", "remove all recordings in this folder except those named with -o",
                   make_clean_command},
      CommandEntry{"help", "show this help or that of a command", make_help_command},
  };
  return commands;
}

}  // namespace mprofpp::app
