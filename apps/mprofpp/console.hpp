#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// `text` on one line and without surprises for a terminal: control characters and bytes that are
/// not UTF-8 as \n or \x1b.
std::string visible(std::string_view text);

/// The only one who knows the terminal. Results go to stdout; everything mprofpp says about itself
/// goes to stderr, because stdout belongs to the program that is recorded.
class Console {
 public:
  /// Looks at what stdout and stderr are, and at NO_COLOR and TERM.
  Console();

  /// A result, as it is.
  void print(std::string_view text) const;
  /// Whether everything printed so far has reached stdout; else why it has not. A reader who went
  /// away early (`| head`) has what he wanted.
  Result<void> printed() const;
  /// One line on stderr, `mprofpp: ` in front.
  void say(std::string_view line) const;
  /// `mprofpp: warning: …`
  void warn(std::string_view line) const;
  /// One line: `mprofpp: place: what (what to type next)`; control characters in it are made
  /// visible.
  void report(const Error& error) const;

  /// The columns of the terminal that stdout is; 0 when it is none, and lines may be of any length.
  std::size_t stdout_width() const;

  /// `text` in bold, or dimmed, where stderr shows colours; else as it is.
  std::string strong(std::string_view text) const;
  std::string faint(std::string_view text) const;

 private:
  std::string styled(std::string_view text, std::string_view code) const;

  bool stderr_has_colours_;
  mutable Result<void> printed_;
};

}  // namespace mprofpp::app
