#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "cli/arguments.hpp"
#include "cli/command.hpp"

namespace mprofpp::app {

/// A command whose options are declared: its own, then --color, --help and --version, which every command
/// has.
class BoundCommand {
 public:
  explicit BoundCommand(const CommandEntry& entry);
  // CLI11 refers to the members
  BoundCommand(const BoundCommand&) = delete;
  BoundCommand& operator=(const BoundCommand&) = delete;

  const CommandEntry& entry() const { return entry_; }
  Command& command() const { return *command_; }
  const CLI::App& options() const { return app_; }

  /// Splits the arguments, fills in the options and gives the command its program. Returns the parts. Errors:
  /// invalid_argument.
  Result<SplitArguments> parse(const Arguments& arguments);
  /// Returns the choice of --color.
  ColourChoice colours() const { return colours_; }
  bool wants_help() const { return help_; }
  bool wants_version() const { return version_; }

 private:
  /// Reads the value of --color. A command may have declared this option itself, with further values.
  Result<void> read_colours();
  /// Returns files or program.
  Result<Operands> operands_in(const Arguments& arguments) const;

  const CommandEntry& entry_;
  std::unique_ptr<Command> command_;
  CLI::App app_;
  std::string colour_word_;
  ColourChoice colours_ = ColourChoice::automatic;
  bool help_ = false;
  bool version_ = false;
};

/// Returns the shapes of all options of `app`. Abbreviations that were unambiguous before another option with
/// the same prefix was added keep their meaning, because scripts use them.
std::vector<OptionShape> shapes_of(const CLI::App& app);

}  // namespace mprofpp::app
