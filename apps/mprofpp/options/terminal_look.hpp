#pragma once

#include "console/console.hpp"
#include "mprofpp/render/terminal/terminal.hpp"

namespace mprofpp::app {

/// The variables of the environment that describe a terminal. Null means that one is not set.
struct TerminalVariables {
  const char* columns = nullptr;
  const char* lines = nullptr;
  const char* lc_all = nullptr;
  const char* lc_ctype = nullptr;
  const char* lang = nullptr;
  const char* term = nullptr;
};
TerminalVariables terminal_variables();

/// Returns ASCII unless the locale uses UTF-8. The console of Linux has no braille, so it gets ASCII, too.
render::Letters letters_for(const TerminalVariables& variables);

/// Returns the size of the terminal, as COLUMNS and LINES or the terminal itself have it, and 80 columns with
/// as many rows as needed for other output. On a terminal, one row stays free for the prompt.
render::TerminalLook terminal_look(const Console& console, const TerminalVariables& variables);

}  // namespace mprofpp::app
