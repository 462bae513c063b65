#include "options/terminal_look.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

std::string_view text_of(const char* variable) {
  return variable == nullptr ? "" : variable;
}

/// Returns the value of COLUMNS or LINES; 0 if it is not a number.
int count_in(const char* variable) {
  constexpr int most = 10'000;
  return std::clamp(parse_integer<int>(text_of(variable)).value_or(0), 0, most);
}

bool is_utf8(std::string_view locale) {
  const auto name = upper(locale);
  return name.find("UTF-8") != std::string::npos || name.find("UTF8") != std::string::npos;
}

render::TerminalColours colours_for(const Console& console) {
  if (!console.colours_stdout()) return render::TerminalColours::none;
  return has_many_colours(colour_variables()) ? render::TerminalColours::many
                                              : render::TerminalColours::sixteen;
}

}  // namespace

TerminalVariables terminal_variables() {
  return {.columns = std::getenv("COLUMNS"),
          .lines = std::getenv("LINES"),
          .lc_all = std::getenv("LC_ALL"),
          .lc_ctype = std::getenv("LC_CTYPE"),
          .lang = std::getenv("LANG"),
          .term = std::getenv("TERM")};
}

render::Letters letters_for(const TerminalVariables& variables) {
  if (text_of(variables.term) == "linux") return render::Letters::ascii;
  for (const char* locale : {variables.lc_all, variables.lc_ctype, variables.lang}) {
    if (text_of(locale).empty()) continue;
    return is_utf8(locale) ? render::Letters::unicode : render::Letters::ascii;
  }
  return render::Letters::ascii;
}

render::TerminalLook terminal_look(const Console& console, const TerminalVariables& variables) {
  const auto terminal = console.stdout_size();
  const int columns = count_in(variables.columns);
  const int lines = count_in(variables.lines);
  render::TerminalLook look;
  look.letters = letters_for(variables);
  look.colours = colours_for(console);
  if (columns > 0 || terminal.columns > 0) look.columns = columns > 0 ? columns : terminal.columns;
  look.columns = std::clamp(look.columns, render::fewest_columns, render::most_columns);
  const int rows = lines > 0 ? lines : terminal.rows;
  if (rows > 0) look.rows = std::max(rows - 1, 1);
  return look;
}

}  // namespace mprofpp::app
