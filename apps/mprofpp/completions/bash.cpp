#include <string>

#include "completions/scripts.hpp"
#include "completions/template.hpp"

namespace mprofpp::app {
namespace {

using Kind = Completion::Kind;

std::vector<std::string> long_names(const CompletedCommand& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
  return names;
}

/// Returns the text by which _mprofpp_value in the template describes a value.
std::string description_of(const Completion& value) {
  switch (value.kind) {
    case Kind::words:
    case Kind::list:
      return "words " + joined(value.words, " ");
    case Kind::file:
    case Kind::picture:
      return "file";
    case Kind::process:
      return "process";
    default:
      return "nothing";
  }
}

std::string option_lines(const std::vector<CompletedCommand>& commands) {
  std::string lines;
  for (const auto& command : commands) {
    lines += "    " + command.name + ") echo \"" + joined(long_names(command), " ") + "\" ;;\n";
  }
  return lines;
}

std::string value_lines(const std::vector<CompletedCommand>& commands) {
  std::string lines;
  for (const auto& command : commands) {
    for (const auto& option : command.options) {
      if (!option.takes_value()) continue;
      std::vector<std::string> patterns;
      for (const auto& name : option.names)
        patterns.push_back("'" + command.name + " " + name + "'");
      lines +=
          "    " + joined(patterns, " | ") + ") echo " + description_of(option.value) + " ;;\n";
    }
  }
  return lines;
}

std::string operand_lines(const std::vector<CompletedCommand>& commands) {
  const auto text_for = [](const Completion& operands) -> std::string {
    switch (operands.kind) {
      case Kind::words:
        return "words " + joined(operands.words, " ");
      case Kind::recording:
        return "recording";
      case Kind::process:
        return "process";
      case Kind::program:
        return "program";
      case Kind::named_program:
        return "named_program";
      case Kind::recording_or_program:
        return "recording_or_program";
      default:
        return "nothing";
    }
  };
  std::string lines;
  for (const auto& command : commands) {
    lines += "    " + command.name + ") echo " + text_for(command.operands) + " ;;\n";
  }
  return lines;
}

}  // namespace

std::string bash_script(const std::string& text, const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands) names.push_back(command.name);
  auto script = with_lines(text, "commands", "_mprofpp_commands=\"" + joined(names, " ") + "\"\n");
  script = with_lines(script, "options", option_lines(commands));
  script = with_lines(script, "values", value_lines(commands));
  return with_lines(script, "operands", operand_lines(commands));
}

}  // namespace mprofpp::app
