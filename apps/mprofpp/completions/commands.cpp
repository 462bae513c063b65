#include "completions/commands.hpp"

#include <algorithm>
#include <string_view>

#include <CLI/App.hpp>

#include "cli/bound_command.hpp"
#include "mprofpp/model/metric.hpp"

namespace mprofpp::app {
namespace {

using Kind = Completion::Kind;

std::vector<std::string> metric_words() {
  return {model::metric_names.begin(), model::metric_names.end()};
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto& entry : all_commands()) names.emplace_back(entry.name);
  return names;
}

/// Returns the completion of a value from the name that the help gives it.
Completion completion_of(const std::string& value_name, std::string_view command) {
  if (value_name == "FILE") return {command == "plot" ? Kind::picture : Kind::file};
  if (value_name == "PID") return {Kind::process};
  if (value_name == "METRIC" && command == "leak") {
    return {Kind::words, {"rss", "pss", "uss", "anon"}};
  }
  if (value_name == "METRIC") return {Kind::words, {"rss", "pss", "uss"}};
  if (value_name == "LIST") return {Kind::list, metric_words()};
  if (value_name == "FORMAT") return {Kind::words, {"png", "svg", "pdf", "html"}};
  if (value_name == "WHEN") return {Kind::words, {"auto", "always", "never"}};
  if (value_name == "THEME") return {Kind::words, {"light", "dark"}};
  if (value_name == "BY") return {Kind::words, {"process", "function", "growth"}};
  return {};
}

Completion operands_of(const BoundCommand& bound) {
  if (bound.command().operands() == Operands::program) {
    const bool has_name = bound.command().program_usage().starts_with("NAME");
    return {has_name ? Kind::named_program : Kind::program};
  }
  if (bound.command().operands() == Operands::either) return {Kind::recording_or_program};
  for (const auto* option : bound.options().get_options()) {
    if (option->nonpositional()) continue;
    const auto name = option->get_type_name();
    if (name.find("FILE") != std::string::npos) return {Kind::recording};
    if (name.find("COMMAND") != std::string::npos) return {Kind::words, command_names()};
    if (name.find("PID") != std::string::npos) return {Kind::process};
  }
  return {};
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

/// Returns true if each use of the option counts. Named are the policies for which it does not, because later
/// versions of CLI11 have another one for flags that are counted.
bool adds_up(const CLI::Option& option) {
  using Policy = CLI::MultiOptionPolicy;
  const auto policy = option.get_multi_option_policy();
  return policy != Policy::Throw && policy != Policy::TakeLast && policy != Policy::TakeFirst &&
         policy != Policy::Join;
}

CompletedOption describe(const CLI::Option& option, std::string_view command) {
  CompletedOption described{.names = names_of(option),
                            .summary = summary_of(option.get_description())};
  // a shell would take the next argument for a value that may be left out
  if (option.get_items_expected_min() > 0) {
    described.value_name = option.get_type_name();
    described.value = completion_of(described.value_name, command);
  }
  described.repeats = adds_up(option);
  for (const auto* other : option.get_excludes()) {
    for (auto& name : names_of(*other)) described.excludes.push_back(std::move(name));
  }
  std::sort(described.excludes.begin(), described.excludes.end());
  return described;
}

CompletedCommand describe(const CommandEntry& entry) {
  const BoundCommand bound(entry);
  CompletedCommand described{
      .name = entry.name, .summary = entry.summary, .options = {}, .operands = operands_of(bound)};
  for (const auto* option : bound.options().get_options()) {
    if (option->nonpositional()) described.options.push_back(describe(*option, entry.name));
  }
  return described;
}

}  // namespace

std::string summary_of(const std::string& help) {
  std::string summary;
  int depth = 0;
  for (std::size_t i = 0; i < help.size(); ++i) {
    const bool is_last = i + 1 == help.size() || help[i + 1] == ' ' || help[i + 1] == '\n';
    if (depth == 0 && is_last && (help[i] == ';' || help[i] == ':')) break;
    if (help[i] == '(') ++depth;
    if (depth == 0) summary += help[i] == '\n' ? ' ' : help[i];
    if (help[i] == ')') --depth;
  }
  // a remark leaves the space in front of it
  for (std::size_t at; (at = summary.find("  ")) != std::string::npos;) summary.erase(at, 1);
  for (std::size_t at; (at = summary.find(" ,")) != std::string::npos;) summary.erase(at, 1);
  while (summary.ends_with(' ')) summary.pop_back();
  return summary;
}

std::vector<CompletedCommand> completed_commands(std::span<const CommandEntry> commands) {
  std::vector<CompletedCommand> described;
  for (const auto& entry : commands) described.push_back(describe(entry));
  return described;
}

}  // namespace mprofpp::app
