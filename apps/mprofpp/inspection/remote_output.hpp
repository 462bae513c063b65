#pragma once

#include <string_view>

#include "console/console.hpp"
#include "mprofpp/inspect/client.hpp"
#include "mprofpp/inspect/shown_text.hpp"

namespace mprofpp::app {

/// Prints what a program sends: unchanged into files and pipes, and with control characters made visible on
/// a terminal, because it may contain anything.
class RemoteOutput {
 public:
  /// `console` outlives it.
  explicit RemoteOutput(const Console& console) : console_(console) {}

  inspect::TakeOutput take() {
    return [this](inspect::Stream stream, std::string_view part) { return print(stream, part); };
  }
  /// Prints what is left at the end of a request. `ends_line` adds a newline if the last line on the terminal
  /// has none.
  enum class LastLine { as_it_is, ended };
  void finish(LastLine last_line);

 private:
  bool print(inspect::Stream stream, std::string_view part);
  bool print_shown(inspect::Stream stream, std::string_view text);

  const Console& console_;
  inspect::ShownText out_;
  inspect::ShownText error_;
  bool is_in_line_ = false;
};

}  // namespace mprofpp::app
