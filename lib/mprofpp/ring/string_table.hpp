#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "mprofpp/wire/record.hpp"

namespace mprofpp::ring {

/// The texts that a process has sent piece by piece. Their length and number are limited: a longer text is
/// cut off, and further texts are ignored.
class StringTable {
 public:
  static constexpr std::size_t longest = 4096;
  static constexpr std::size_t most = 65536;

  /// Adds a piece. Returns true if it completes its text.
  bool add_piece(const wire::Text& piece);
  /// Adds a complete text, unless there is one with that number.
  void add(std::uint64_t id, const std::string& text);
  /// Returns null if the text has not arrived or is not complete yet.
  const std::string* find(std::uint64_t id) const;

 private:
  struct Text {
    std::string bytes;
    bool is_whole = false;
  };

  bool has_room_for(std::uint64_t id) const { return texts_.size() < most || texts_.contains(id); }

  std::unordered_map<std::uint64_t, Text> texts_;
};

}  // namespace mprofpp::ring
