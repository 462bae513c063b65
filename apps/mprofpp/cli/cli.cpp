#include "cli/cli.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/bound_command.hpp"
#include "cli/command.hpp"
#include "cli/help.hpp"
#include "mprofpp/base/nearest.hpp"

namespace mprofpp::app {
namespace {

/// Returns true if the argument is a program with a path, or one that is in PATH.
bool is_program(const std::string& argument) {
  if (argument.find('/') != std::string::npos) return true;
  const char* folders = std::getenv("PATH");
  std::istringstream list(folders == nullptr ? "" : folders);
  for (std::string folder; std::getline(list, folder, ':');) {
    const auto path = std::filesystem::path(folder) / argument;
    if (::access(path.c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// Returns the command that the argument is similar to. Commands are few and short, so half of the letters
/// are enough.
std::optional<std::string> similar_command(const std::string& argument) {
  std::vector<std::string> names;
  for (const auto& entry : all_commands()) names.emplace_back(entry.name);
  const auto name = nearest(argument, names);
  return name ? name
              : nearest_within(std::min<std::size_t>(2, argument.size() / 2), argument, names);
}

/// Returns a hint for an argument that is not a command: it may be a misspelt command or the program to
/// record.
std::string command_hint(const std::string& argument) {
  if (argument.starts_with("-")) {
    const auto option = nearest(argument, {"--help", "--version"});
    if (option) return "did you mean " + *option + "?";
    return "options go after the command: mprofpp run " + argument + " PROGRAM";
  }
  const auto name = is_program(argument) ? std::nullopt : similar_command(argument);
  if (name) return "did you mean mprofpp " + *name + "? mprofpp --help lists the commands";
  return "mprofpp run " + argument + " records it; mprofpp --help lists the commands";
}

const CommandEntry& command_named(std::string_view name) {
  const auto commands = all_commands();
  return *std::find_if(commands.begin(), commands.end(),
                       [name](const CommandEntry& entry) { return entry.name == name; });
}

/// Prefixes that were unambiguous before another command had the same prefix keep their meaning.
constexpr std::pair<std::string_view, std::string_view> kept_prefixes[] = {
    {"l", "list"}, {"li", "list"}, {"c", "clean"}, {"s", "span"}, {"h", "help"}};

/// Returns the command of that name. As with options, an unambiguous prefix is enough.
Result<const CommandEntry*> find_command(const std::string& name) {
  for (const auto& [prefix, command] : kept_prefixes) {
    if (name == prefix) return &command_named(command);
  }
  std::vector<const CommandEntry*> found;
  for (const auto& entry : all_commands()) {
    if (entry.name == name) return &entry;
    if (std::string_view(entry.name).starts_with(name)) found.push_back(&entry);
  }
  if (found.size() == 1) return found[0];
  if (found.size() > 1) {
    return fail(Errc::invalid_argument, name,
                std::string("could be ") + found[0]->name + " or " + found[1]->name);
  }
  return fail(Errc::invalid_argument, name, "no such command", command_hint(name));
}

bool has_option(const CommandEntry& entry, const std::string& name) {
  return BoundCommand(entry).options().get_option_no_throw(name) != nullptr;
}

/// Returns a hint for arguments that could not be parsed: it names the help, and another command if
/// that one has the long option. A short one may mean something else there.
std::string help_hint(const CommandEntry& entry, const Error& error) {
  std::string help = std::string("try mprofpp ") + entry.name + " --help";
  if (!error.place.starts_with("--") || has_option(entry, error.place)) return help;
  for (const auto& other : all_commands()) {
    if (has_option(other, error.place))
      return std::string("mprofpp ") + other.name + " has it; " + help;
  }
  return help;
}

/// Returns the arguments for the command that `redirect` leads to: all but the option that led there.
Arguments arguments_for(const Command::Redirect& redirect, SplitArguments split) {
  auto arguments = std::move(split.options);
  std::erase_if(arguments, [&](const std::string& argument) {
    return std::find(redirect.option.begin(), redirect.option.end(), argument) !=
           redirect.option.end();
  });
  arguments.insert(arguments.end(), split.rest.begin(), split.rest.end());
  return arguments;
}

/// Prints the help of the command of that name, or the general one if it is empty.
int print_help(const std::string& name, const Console& console) {
  if (name.empty()) {
    console.print(general_help());
    return exit_status::success;
  }
  const auto entry = find_command(name);
  if (!entry) {
    console.report(entry.error());
    return exit_status::usage;
  }
  console.print(command_help(BoundCommand(**entry)));
  return exit_status::success;
}

int run_command(const CommandEntry& entry, const Arguments& arguments, Console& console) {
  BoundCommand bound(entry);
  auto split = bound.parse(arguments);
  if (!split) {
    auto& error = split.error();
    if (error.hint.empty()) error.hint = help_hint(entry, error);
    console.report(error);
    return bound.command().usage_status();
  }
  console.choose_colours(bound.colours());
  if (bound.wants_help()) {
    console.print(command_help(bound));
    return exit_status::success;
  }
  if (bound.wants_version()) {
    console.print(version_text());
    return exit_status::success;
  }
  if (const auto topic = bound.command().wanted_help()) return print_help(*topic, console);
  if (const auto redirect = bound.command().redirect()) {
    return run_command(command_named(redirect->command), arguments_for(*redirect, *split), console);
  }
  return bound.command().run(console);
}

}  // namespace

int dispatch(const Arguments& arguments, Console& console) {
  if (arguments.empty()) {
    console.note("no command (try mprofpp --help)");
    return exit_status::usage;
  }
  const auto& first = arguments[0];
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (first == "--version" || first == "-V") {
    console.print(version_text());
    return exit_status::success;
  }
  if (first == "--help" || first == "-h") return print_help("", console);

  const auto entry = find_command(first);
  if (!entry) {
    console.report(entry.error());
    return exit_status::usage;
  }
  return run_command(**entry, rest, console);
}

}  // namespace mprofpp::app
