#pragma once

#include <optional>
#include <string_view>

namespace mprofpp::app {

/// The user's choice with `--color`.
enum class ColourChoice { automatic, always, never };

/// Returns the choice of `auto`, `always` or `never`; nothing for other words.
std::optional<ColourChoice> colour_choice(std::string_view word);

/// The variables of the environment that decide on colours. Null means that one is not set.
struct ColourVariables {
  const char* no_color = nullptr;
  const char* force_color = nullptr;
  const char* clicolor_force = nullptr;
  const char* clicolor = nullptr;
  const char* term = nullptr;
  const char* colorterm = nullptr;
};
ColourVariables colour_variables();

enum class Output { terminal, other };

/// Returns true if output has colours by default: on a terminal, unless TERM is `dumb` or not set, or
/// CLICOLOR or FORCE_COLOR is 0. FORCE_COLOR and CLICOLOR_FORCE, unless they are empty or 0, also give other
/// output colours, and NO_COLOR with a value turns all colours off.
bool allows_colours(const ColourVariables& variables, Output output);

/// Returns true if the terminal has 256 colours and not only sixteen.
bool has_many_colours(const ColourVariables& variables);

}  // namespace mprofpp::app
