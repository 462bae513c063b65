#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "console.hpp"
#include "exit_status.hpp"

namespace mprofpp::app {

/// What stands behind a command's own options.
enum class Operands {
  files,    ///< may be mixed with options
  program,  ///< a command line: from its first word on it is the program's, byte for byte
};

/// One command of mprofpp. A command binds its options, CLI11 fills them, the command runs.
class Command {
 public:
  virtual ~Command() = default;

  /// Declares options and operands on `app`. Called once, before run().
  virtual void bind(CLI::App& app) = 0;
  /// Does the work and answers the exit status.
  virtual int run(const Console& console) = 0;

  virtual Operands operands() const { return Operands::files; }
  /// How its usage line calls what stands there.
  virtual std::string program_words() const { return "PROGRAM [ARGUMENT …]"; }
  /// The words behind the options of a command with Operands::program.
  virtual void set_program(std::vector<std::string>) {}
  /// An option, in either spelling, has made another command of this one. That gets the other words.
  struct Detour {
    std::string_view command;
    std::array<std::string_view, 2> option;
  };
  virtual std::optional<Detour> detour() const { return std::nullopt; }
  /// The status for a command line that makes no sense.
  virtual int usage_status() const { return exit_status::usage; }
};

/// A row of the table of commands: adding a command is adding a row.
struct CommandEntry {
  const char* name;
  const char* summary;  ///< one line, for `mprofpp --help`
  std::unique_ptr<Command> (*make)();
};

/// All commands in the order of the help text.
std::span<const CommandEntry> all_commands();

std::unique_ptr<Command> make_run_command();
std::unique_ptr<Command> make_attach_command();
std::unique_ptr<Command> make_mark_command();
std::unique_ptr<Command> make_span_command();
std::unique_ptr<Command> make_plot_command();
std::unique_ptr<Command> make_peak_command();
std::unique_ptr<Command> make_list_command();
std::unique_ptr<Command> make_rm_command();
std::unique_ptr<Command> make_clean_command();

}  // namespace mprofpp::app
