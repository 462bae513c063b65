#include "completions/scripts.hpp"
#include "completions/template.hpp"

namespace mprofpp::app {
namespace {

using Kind = Completion::Kind;

std::string in_double_quotes(const std::string& text) {
  return "\"" + escaped(text, "\"\\$") + "\"";
}

/// Returns the switches for the value of an option: -x is a value that is not a file, -r any value.
std::string switches_for(const Completion& value) {
  switch (value.kind) {
    case Kind::file:
    case Kind::picture:
      return " -r";
    case Kind::words:
      return " -x -a " + in_double_quotes(joined(value.words, " "));
    case Kind::list:
      return " -x -a " + in_double_quotes("(__fish_append , " + joined(value.words, " ") + ")");
    case Kind::process:
      return " -x -a " + in_double_quotes("(__fish_complete_pids)");
    default:
      return " -x";
  }
}

std::string line_of(const CompletedOption& option, const std::string& condition) {
  std::string line = "complete -c mprofpp -n " + condition;
  for (const auto& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value()) line += switches_for(option.value);
  return line + " -d " + in_double_quotes(option.summary) + "\n";
}

std::string operands_for(const Completion& operands) {
  switch (operands.kind) {
    case Kind::program:
      return "(__fish_complete_subcommand --fcs-skip=2)";
    case Kind::process:
      return "(__fish_complete_pids)";
    case Kind::words:
      return joined(operands.words, " ");
    case Kind::recording:
      return "(__fish_complete_suffix .dat)";
    case Kind::recording_or_program:
      return "(__fish_complete_suffix .dat) (__fish_complete_subcommand --fcs-skip=2)";
    default:
      return "";
  }
}

std::string lines_of(const CompletedCommand& command) {
  const auto condition = in_double_quotes("__fish_seen_subcommand_from " + command.name);
  std::string lines = "\n";
  for (const auto& option : command.options) lines += line_of(option, condition);
  const auto operands = operands_for(command.operands);
  if (operands.empty()) return lines;
  return lines + "complete -c mprofpp -n " + condition + " -a " + in_double_quotes(operands) + "\n";
}

}  // namespace

std::string fish_script(const std::string& text, const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  std::string summaries;
  std::string options;
  for (const auto& command : commands) {
    names.push_back(command.name);
    summaries += "complete -c mprofpp -n $none -a " + command.name + " -d " +
                 in_double_quotes(command.summary) + "\n";
    options += lines_of(command);
  }
  auto script = with_lines(text, "names", "set -l commands " + joined(names, " ") + "\n");
  script = with_lines(script, "commands", summaries);
  return with_lines(script, "options", options);
}

}  // namespace mprofpp::app
