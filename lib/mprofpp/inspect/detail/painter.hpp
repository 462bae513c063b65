#pragma once

#include <string>

#include "mprofpp/inspect/text_colours.hpp"

namespace mprofpp::inspect::detail {

/// Makes text bold or faint on a terminal.
class Painter {
 public:
  explicit Painter(TextColours colours) : colours_(colours) {}
  std::string strong(std::string text) const { return painted(std::move(text), "1"); }
  std::string faint(std::string text) const { return painted(std::move(text), "2"); }
  /// Marks what has grown or is new.
  std::string growing(std::string text) const { return painted(std::move(text), "33"); }

 private:
  std::string painted(std::string text, const char* code) const {
    if (colours_ == TextColours::none || text.empty()) return text;
    return "\033[" + std::string(code) + "m" + text + "\033[0m";
  }
  TextColours colours_;
};

}  // namespace mprofpp::inspect::detail
