#include "completions/scripts.hpp"
#include "completions/template.hpp"

namespace mprofpp::app {
namespace {

using Kind = Completion::Kind;

/// Returns the text in single quotes.
std::string in_single_quotes(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string action_for(const Completion& completion) {
  switch (completion.kind) {
    case Kind::words:
      return "(" + joined(completion.words, " ") + ")";
    case Kind::list:
      return "_sequence compadd - " + joined(completion.words, " ");
    case Kind::file:
      return "_files";
    case Kind::picture:
      return "_files -g \"*.(png|svg|pdf)\"";
    case Kind::recording:
      return "_files -g \"*.dat\"";
    case Kind::process:
      return "_pids";
    default:
      return "";
  }
}

/// Returns the options that cannot follow this one, in parentheses: itself, unless it may be repeated, and
/// those that it excludes.
std::string exclusions_of(const CompletedOption& option) {
  auto names = option.excludes;
  if (!option.repeats && option.names.size() > 1) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names.empty() ? "" : "(" + joined(names, " ") + ")";
}

/// Returns the specification of an option for _arguments, such as
/// '(-o --output)'{-o,--output}'[the picture]:FILE:_files'.
std::string specification_of(const CompletedOption& option) {
  const auto before = exclusions_of(option) + (option.repeats ? "*" : "");
  auto after = "[" + escaped(option.summary, "[]\\") + "]";
  if (option.takes_value()) {
    after += ":" + escaped(option.value_name, ":") + ":" + action_for(option.value);
  }
  if (option.names.size() == 1) return in_single_quotes(before + option.names.front() + after);
  const auto names = "{" + joined(option.names, ",") + "}";
  return (before.empty() ? "" : in_single_quotes(before)) + names + in_single_quotes(after);
}

std::string arguments_for(const Completion& operands) {
  switch (operands.kind) {
    case Kind::program:
      return in_single_quotes("(-):program:_command_names -e") + " " +
             in_single_quotes("*::argument:_normal");
    case Kind::recording_or_program:
      return in_single_quotes("1:recording or program:{_files; _command_names -e}") + " " +
             in_single_quotes("*::argument:_normal");
    case Kind::named_program:
      return in_single_quotes("1:name:") + " " + in_single_quotes("*::command:_normal");
    case Kind::recording:
      return in_single_quotes("*:recording:" + action_for(operands));
    case Kind::words:
      return in_single_quotes("1:word:" + action_for(operands));
    case Kind::process:
      return in_single_quotes("*:process:" + action_for(operands));
    default:
      return "";
  }
}

std::string case_of(const CompletedCommand& command) {
  std::string lines = "    " + command.name + ")\n      _arguments -s -S";
  for (const auto& option : command.options) lines += " \\\n        " + specification_of(option);
  const auto operands = arguments_for(command.operands);
  if (!operands.empty()) lines += " \\\n        " + operands;
  return lines + "\n      ;;\n";
}

}  // namespace

std::string zsh_script(const std::string& text, const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string cases;
  for (const auto& command : commands) {
    names += "    " + in_single_quotes(command.name + ":" + escaped(command.summary, ":")) + "\n";
    cases += case_of(command);
  }
  return with_lines(with_lines(text, "commands", names), "cases", cases);
}

}  // namespace mprofpp::app
