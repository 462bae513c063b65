#pragma once

#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "console/colours.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Returns an error on one line, with control characters made visible: "place: what (hint)".
std::string message_of(const Error& error);

/// Prints results and messages; no other class writes to the terminal, except for the log and the editor
/// of lines. Results go to
/// stdout. Messages go to stderr, because stdout belongs to the recorded program.
class Console {
 public:
  /// The descriptors that are written to.
  struct Streams {
    int out = STDOUT_FILENO;
    int err = STDERR_FILENO;
  };
  enum class Colours { none, shown };

  /// Shows colours on stdout and on stderr if they are terminals and the environment allows them.
  Console();
  Console(Streams streams, Colours colours)
      : streams_(streams), colours_(colours), stdout_colours_(colours) {}

  /// Shows colours, or not, as the user has chosen with `--color`.
  void choose_colours(ColourChoice choice);

  /// Prints a result unchanged.
  void print(std::string_view text) const;
  /// Prints a part of what a program outputs, unchanged. Returns false if nothing reads it any more.
  bool print_part(std::string_view text) const;
  bool print_part_to_stderr(std::string_view text) const;
  /// Returns the error if something could not be printed to stdout. A reader that closed the pipe early
  /// (`| head`) is not an error.
  Result<void> printed() const;
  /// Prints `mprofpp: line` to stderr.
  void note(std::string_view line) const;
  /// Prints `mprofpp: warning: line` to stderr, with control characters made visible.
  void warn(std::string_view line) const;
  /// Prints `mprofpp: ` and the message of the error to stderr.
  void report(const Error& error) const;

  /// Returns the width of the terminal in columns. 0 means that stdout is not a terminal, and lines may
  /// have any length.
  std::size_t stdout_width() const;

  /// The size of a terminal in characters; 0 means that stdout is not a terminal.
  struct Size {
    int columns = 0;
    int rows = 0;
  };
  Size stdout_size() const;
  /// Returns true if stdout shows colours.
  bool colours_stdout() const { return stdout_colours_ == Colours::shown; }
  bool is_stdout_terminal() const { return ::isatty(streams_.out) == 1; }
  bool is_stderr_terminal() const { return ::isatty(streams_.err) == 1; }

  /// Return `text` in bold or dimmed if stderr shows colours, and unchanged if not.
  std::string strong(std::string_view text) const;
  std::string faint(std::string_view text) const;

 private:
  std::string styled(std::string_view text, std::string_view code) const;

  Streams streams_;
  Colours colours_;  // of stderr
  Colours stdout_colours_;
  mutable Result<void> printed_;
};

}  // namespace mprofpp::app
