#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inspection/signal_watch.hpp"

namespace mprofpp::app {

/// Returns the names that continue the name at the cursor.
using CompleteName = std::function<std::vector<std::string>(const std::string&)>;

/// Reads lines from a terminal, with editing, history and completion.
class Editor {
 public:
  enum class End {
    line,         ///< a line was read
    interrupted,  ///< by Ctrl-C
    input_ended,  ///< by Ctrl-D, or the terminal has gone
    left,         ///< a signal asks this program to end
    peer_ended    ///< the other descriptor is readable
  };
  struct Answer {
    End end = End::line;
    std::string line;
  };

  /// Watches `peer` as well, which must stay open. `signals` outlives it.
  Editor(const SignalWatch& signals, int peer, CompleteName complete);
  ~Editor();
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  Answer read(const std::string& prompt);
  /// Adds a line to the history.
  void remember(const std::string& line);
  /// Reads the history from a file, and writes it there at the end. Without such a file there is none.
  void keep_history(const std::string& path);

 private:
  struct Terminal;
  std::unique_ptr<Terminal> terminal_;
};

/// Returns the end of the text that can be completed: a name with dots.
std::string name_at_end(const std::string& text);
/// Leaves out names with an underscore after the last dot of what was typed, unless it was typed or there are
/// no others.
std::vector<std::string> without_private(std::vector<std::string> names, const std::string& typed);
/// Returns the start that all names have in common.
std::string common_start(const std::vector<std::string>& names);
/// Returns the names in columns, without what precedes their last dot.
std::string listed(const std::vector<std::string>& names, std::size_t width);

}  // namespace mprofpp::app
