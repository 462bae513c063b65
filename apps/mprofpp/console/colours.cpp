#include "console/colours.hpp"

#include <cstdlib>

namespace mprofpp::app {
namespace {

std::string_view text_of(const char* variable) {
  return variable == nullptr ? "" : variable;
}

bool is_on(const char* variable) {
  return !text_of(variable).empty() && text_of(variable) != "0";
}

bool is_zero(const char* variable) {
  return text_of(variable) == "0";
}

}  // namespace

std::optional<ColourChoice> colour_choice(std::string_view word) {
  if (word == "auto") return ColourChoice::automatic;
  if (word == "always") return ColourChoice::always;
  if (word == "never") return ColourChoice::never;
  return std::nullopt;
}

ColourVariables colour_variables() {
  return {.no_color = std::getenv("NO_COLOR"),
          .force_color = std::getenv("FORCE_COLOR"),
          .clicolor_force = std::getenv("CLICOLOR_FORCE"),
          .clicolor = std::getenv("CLICOLOR"),
          .term = std::getenv("TERM"),
          .colorterm = std::getenv("COLORTERM")};
}

bool allows_colours(const ColourVariables& variables, Output output) {
  if (!text_of(variables.no_color).empty()) return false;
  if (is_on(variables.force_color) || is_on(variables.clicolor_force)) return true;
  if (is_zero(variables.force_color) || is_zero(variables.clicolor)) return false;
  const auto term = text_of(variables.term);
  return output == Output::terminal && !term.empty() && term != "dumb";
}

bool has_many_colours(const ColourVariables& variables) {
  return !text_of(variables.colorterm).empty() ||
         text_of(variables.term).find("256color") != std::string_view::npos;
}

}  // namespace mprofpp::app
