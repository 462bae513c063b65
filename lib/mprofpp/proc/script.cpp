#include "mprofpp/proc/script.hpp"

#include <algorithm>
#include <string_view>

#include "mprofpp/base/text.hpp"

namespace mprofpp::proc {
namespace {

/// The options of an interpreter, by their letters. Long options have their values after `=`.
struct Interpreter {
  std::string_view name;
  std::string_view module;      ///< the next argument is a module to run, or an archive
  std::string_view no_script;   ///< the program is the next argument, or comes from stdin
  std::string_view with_value;  ///< the next argument is the option's value
};

constexpr Interpreter interpreters[] = {
    {"python", "m", "c", "XW"}, {"pypy", "m", "c", "XW"},   {"ruby", "", "e", "rIC"},
    {"perl", "", "eE", "IMm"},  {"php", "f", "rBRE", "dc"}, {"node", "", "ep", "rC"},
    {"nodejs", "", "ep", "rC"}, {"bash", "", "cs", "oO"},   {"dash", "", "cs", "o"},
    {"sh", "", "cs", "oO"},     {"zsh", "", "cs", "o"},     {"ksh", "", "cs", "o"},
    {"lua", "", "e", "l"},      {"Rscript", "", "e", ""},   {"julia", "", "eE", "Lp"},
};

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// Finds the interpreter without regard to its version: python3.12 is python.
const Interpreter* interpreter_of(std::string_view program) {
  auto name = file_name(program);
  name = name.substr(0, name.find_last_not_of("0123456789.t-") + 1);
  const auto* const found =
      std::find_if(std::begin(interpreters), std::end(interpreters),
                   [&](const Interpreter& interpreter) { return interpreter.name == name; });
  return found == std::end(interpreters) ? nullptr : found;
}

bool is_option(std::string_view argument) {
  return argument.size() > 1 && argument.front() == '-';
}

/// Returns the position of the first of these letters in a cluster of short options.
std::size_t find_letter(std::string_view options, std::string_view letters) {
  return options.starts_with("--") ? std::string_view::npos : options.find_first_of(letters, 1);
}

}  // namespace

std::string script_of(const std::vector<std::string>& arguments) {
  const auto* const interpreter = arguments.empty() ? nullptr : interpreter_of(arguments.front());
  if (interpreter == nullptr) return "";
  const auto argument_at = [&](std::size_t i) {
    return i < arguments.size() ? arguments[i] : std::string();
  };
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--") return argument_at(i + 1);
    if (!is_option(argument)) return argument == "-" ? std::string() : arguments[i];
    if (find_letter(argument, interpreter->no_script) != std::string_view::npos) return "";
    const auto module = find_letter(argument, interpreter->module);
    if (module != std::string_view::npos) {
      const auto rest = argument.substr(module + 1);
      return rest.empty() ? argument_at(i + 1) : std::string(rest);
    }
    const auto option = find_letter(argument, interpreter->with_value);
    if (option == argument.size() - 1) ++i;
  }
  return "";
}

}  // namespace mprofpp::proc
