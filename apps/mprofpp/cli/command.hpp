#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <CLI/App.hpp>

#include "cli/arguments.hpp"
#include "cli/exit_status.hpp"
#include "console/console.hpp"

namespace mprofpp::app {

/// The kind of arguments that follow a command's options.
enum class Operands {
  files,    ///< file names, which may be mixed with options
  program,  ///< a command line: everything from its first argument on is passed to it unchanged
  either,   ///< the command decides from the first one (see Command::takes_file)
};

/// A command of mprofpp. It declares its options, CLI11 fills them in, then the command runs.
class Command {
 public:
  virtual ~Command() = default;

  /// Declares options and operands on `app`. Called once, before run().
  virtual void bind(CLI::App& app) = 0;
  /// Executes the command and returns the exit status.
  virtual int run(const Console& console) = 0;

  virtual Operands operands() const { return Operands::files; }
  /// Describes the operands of a command with Operands::program in its usage line.
  virtual std::string program_usage() const { return "PROGRAM [ARGUMENT …]"; }
  /// Returns true if the first operand of a command with Operands::either is a file and not a program.
  virtual bool takes_file(const std::string&) const { return false; }
  /// Receives the arguments that follow the options if they are a program.
  virtual void set_program(Arguments) {}
  /// Sends the arguments to another command, because an option asked for that. The other command gets all
  /// arguments except this option, which has two spellings.
  struct Redirect {
    std::string_view command;
    std::array<std::string_view, 2> option;
  };
  virtual std::optional<Redirect> redirect() const { return std::nullopt; }
  /// Returns the name of the command whose help was asked for; empty means the general help.
  virtual std::optional<std::string> wanted_help() const { return std::nullopt; }
  /// Returns the exit status for wrong usage.
  virtual int usage_status() const { return exit_status::usage; }

 protected:
  /// Reports the error, and returns the exit status.
  static int refuse(const Console& console, const Error& error, int status) {
    console.report(error);
    return status;
  }
};

/// A row of the table of commands. To add a command, add a row.
struct CommandEntry {
  const char* name;
  const char* summary;  ///< one line in `mprofpp --help`
  std::unique_ptr<Command> (*make)();
};

/// Returns all commands in the order of the help text.
std::span<const CommandEntry> all_commands();

std::unique_ptr<Command> make_run_command();
std::unique_ptr<Command> make_attach_command();
std::unique_ptr<Command> make_mark_command();
std::unique_ptr<Command> make_span_command();
std::unique_ptr<Command> make_plot_command();
std::unique_ptr<Command> make_peak_command();
std::unique_ptr<Command> make_leak_command();
std::unique_ptr<Command> make_lines_command();
std::unique_ptr<Command> make_loadtest_command();
std::unique_ptr<Command> make_stacks_command();
std::unique_ptr<Command> make_console_command();
std::unique_ptr<Command> make_objects_command();
std::unique_ptr<Command> make_holders_command();
std::unique_ptr<Command> make_gc_command();
std::unique_ptr<Command> make_list_command();
std::unique_ptr<Command> make_rm_command();
std::unique_ptr<Command> make_clean_command();
std::unique_ptr<Command> make_help_command();

}  // namespace mprofpp::app
