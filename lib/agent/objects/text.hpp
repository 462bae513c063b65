#pragma once

#include <cstdint>

#include "mprofpp/wire/writer.hpp"
#include "objects/array.hpp"

namespace mprofpp::agent::objects {

/// A text that grows, for JSON.
class Text {
 public:
  const char* bytes() const { return bytes_.begin(); }
  wire::TextView view() const { return {bytes_.begin(), bytes_.size()}; }
  std::size_t size() const { return bytes_.size(); }
  /// Returns false if there was no memory for a part of it.
  bool is_complete() const { return is_complete_; }
  /// Gives up the text and its memory.
  void clear() { bytes_.clear(); }
  /// Makes the text empty and keeps the memory.
  Text& restart() {
    bytes_.shorten(0);
    return *this;
  }

  Text& add(wire::TextView part);
  Text& add(const char* part);
  Text& add(std::uint64_t number);
  /// Adds 0x and hexadecimal digits, in quotes.
  Text& add_address(const void* address);
  /// Adds UTF-8 as a string of JSON, without what does not fit into `longest` bytes.
  Text& add_string(wire::TextView text, std::size_t longest = longest_string);
  /// Adds UTF-8, without what does not fit.
  Text& add_cut(wire::TextView text, std::size_t longest = longest_string);

  static constexpr std::size_t longest_string = 1000;

 private:
  void add_escaped(char byte);

  Array<char> bytes_;
  bool is_complete_ = true;
};

/// Adds a comma to a text, except the first time.
class Commas {
 public:
  explicit Commas(Text& text) : text_(text) {}
  void add() {
    if (!is_first_) text_.add(",");
    is_first_ = false;
  }

 private:
  Text& text_;
  bool is_first_ = true;
};

}  // namespace mprofpp::agent::objects
