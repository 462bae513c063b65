#include "cli.hpp"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "command.hpp"
#include "help.hpp"
#include "mprofpp/base/nearest.hpp"
#include "version.hpp"
#include "words.hpp"

namespace mprofpp::app {
namespace {

/// What may have been meant by a word that is no command: one misspelt, or the program itself.
std::string instead_of_command(const std::string& word) {
  if (word.starts_with("-"))
    return "options come behind their command: mprofpp run " + word + " PROGRAM";
  std::vector<std::string> names;
  for (const auto& entry : all_commands()) names.emplace_back(entry.name);
  if (const auto name = nearest(word, names)) {
    return "did you mean mprofpp " + *name + "? mprofpp --help lists the commands";
  }
  return "mprofpp run " + word + " records it, mprofpp --help lists the commands";
}

/// The command of that name or, as with options, of that unambiguous beginning.
Result<const CommandEntry*> find_command(const std::string& word) {
  std::vector<const CommandEntry*> found;
  for (const auto& entry : all_commands()) {
    if (entry.name == word) return &entry;
    if (std::string_view(entry.name).starts_with(word)) found.push_back(&entry);
  }
  if (found.size() == 1) return found[0];
  if (found.size() > 1) {
    return fail(Errc::invalid_argument, word,
                std::string("could be ") + found[0]->name + " or " + found[1]->name);
  }
  return fail(Errc::invalid_argument, word, "no such command", instead_of_command(word));
}

std::vector<OptionShape> shapes_of(const CLI::App& app) {
  std::vector<OptionShape> shapes;
  for (const auto* option : app.get_options()) {
    OptionShape shape;
    shape.takes_value = option->get_items_expected_max() > 0;
    for (const auto& name : option->get_snames()) shape.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) shape.names.push_back("--" + name);
    if (!shape.names.empty()) shapes.push_back(std::move(shape));
  }
  return shapes;
}

bool has_option(const CommandEntry& entry, const std::string& name) {
  CLI::App app;
  entry.make()->bind(app);
  return app.get_option_no_throw(name) != nullptr;
}

/// Where to look further when a command's words could not be read: an option may be another's.
std::string further_reading(const CommandEntry& entry, const Error& error) {
  const std::string help = std::string("try mprofpp ") + entry.name + " --help";
  if (!error.place.starts_with("-") || has_option(entry, error.place)) return help;
  for (const auto& other : all_commands()) {
    if (has_option(other, error.place))
      return std::string("mprofpp ") + other.name + " has it; " + help;
  }
  return help;
}

/// CLI11 reads its words from the back.
std::vector<std::string> for_cli11(std::vector<std::string> options,
                                   const std::vector<std::string>& operands) {
  if (!operands.empty()) options.emplace_back("--");
  options.insert(options.end(), operands.begin(), operands.end());
  std::reverse(options.begin(), options.end());
  return options;
}

bool takes_operands(const CLI::App& app) {
  const auto options = app.get_options();
  return std::any_of(options.begin(), options.end(),
                     [](const CLI::Option* option) { return !option->nonpositional(); });
}

/// CLI11's exceptions end here.
Result<void> parse(CLI::App& app, std::vector<std::string> reversed_words) {
  try {
    app.parse(std::move(reversed_words));
  } catch (const CLI::ParseError& error) {
    return fail(Errc::invalid_argument, "", error.what());
  }
  return {};
}

const CommandEntry& command_named(std::string_view name) {
  const auto commands = all_commands();
  return *std::find_if(commands.begin(), commands.end(),
                       [name](const CommandEntry& entry) { return entry.name == name; });
}

/// The words for the command that `detour` leads to.
std::vector<std::string> words_behind(const Command::Detour& detour, CutWords cut) {
  auto words = std::move(cut.options);
  std::erase_if(words, [&](const std::string& word) {
    return std::find(detour.option.begin(), detour.option.end(), word) != detour.option.end();
  });
  words.insert(words.end(), cut.rest.begin(), cut.rest.end());
  return words;
}

int run_command(const CommandEntry& entry, const std::vector<std::string>& words,
                const Console& console) {
  CLI::App app(entry.summary);
  app.set_help_flag();  // -h is answered here, in our own words
  bool help = false;
  bool version = false;
  const auto command = entry.make();
  command->bind(app);
  app.add_flag("-h,--help", help, "show this help");
  app.add_flag("--version", version, "show the version");

  const bool has_program = command->operands() == Operands::program;
  const auto shapes = shapes_of(app);
  auto cut = has_program ? cut_at_program(words, shapes) : separate_operands(words, shapes);
  const auto refuse = [&](Error error) {
    if (error.hint.empty()) error.hint = further_reading(entry, error);
    console.report(error);
    return command->usage_status();
  };
  if (!cut) return refuse(std::move(cut.error()));

  const CutWords given = *cut;
  if (has_program) command->set_program(std::move(cut->rest));
  const auto operands = has_program ? std::vector<std::string>{} : cut->rest;
  if (!operands.empty() && !takes_operands(app)) {
    return refuse({Errc::invalid_argument, operands.front(), "is not expected here"});
  }
  if (auto parsed = parse(app, for_cli11(std::move(cut->options), operands)); !parsed) {
    return refuse(std::move(parsed.error()));
  }
  if (help) {
    console.print(command_help(entry, *command, app));
    return exit_status::success;
  }
  if (version) {
    console.print(version_line());
    return exit_status::success;
  }
  if (const auto detour = command->detour()) {
    return run_command(command_named(detour->command), words_behind(*detour, given), console);
  }
  return command->run(console);
}

}  // namespace

int dispatch(const std::vector<std::string>& words, const Console& console) {
  if (words.empty()) {
    console.say("no command (try mprofpp --help)");
    return exit_status::usage;
  }
  const auto& first = words[0];
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (first == "--version" || first == "-V") {
    console.print(version_line());
    return exit_status::success;
  }
  if (first == "--help" || first == "-h" || (first == "help" && rest.empty())) {
    console.print(general_help());
    return exit_status::success;
  }
  if (first == "help") return dispatch({rest[0], "--help"}, console);

  const auto entry = find_command(first);
  if (!entry) {
    console.report(entry.error());
    return exit_status::usage;
  }
  return run_command(**entry, rest, console);
}

}  // namespace mprofpp::app
