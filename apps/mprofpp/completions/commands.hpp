#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace mprofpp::app {

/// The words that a shell offers for the value of an option, or for the operands of a command.
struct Completion {
  enum class Kind {
    nothing,
    words,
    list,  ///< words separated by commas
    file,
    picture,
    recording,
    process,
    program,  ///< a program and its arguments
    recording_or_program,
    named_program  ///< a name, then a program and its arguments
  };

  Kind kind = Kind::nothing;
  std::vector<std::string> words = {};
};

/// An option, as a completion script describes it.
struct CompletedOption {
  std::vector<std::string> names;  ///< "-T", "--interval"
  std::string summary;             ///< one line
  std::string value_name = {};     ///< empty if it takes no value
  Completion value = {};
  bool repeats = false;
  std::vector<std::string> excludes = {};  ///< the names of options that cannot be combined with it

  bool takes_value() const { return !value_name.empty(); }
};

/// A command, as a completion script describes it.
struct CompletedCommand {
  std::string name;
  std::string summary;
  std::vector<CompletedOption> options;
  Completion operands;
};

/// Describes the commands from what they declare: each option that --help shows is completed.
std::vector<CompletedCommand> completed_commands(std::span<const CommandEntry> commands);

/// Shortens the help of an option to one line without examples, remarks in parentheses and what follows a
/// semicolon or a colon.
std::string summary_of(const std::string& help);

}  // namespace mprofpp::app
