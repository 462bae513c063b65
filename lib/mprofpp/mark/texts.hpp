#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "mprofpp/wire/record.hpp"

namespace mprofpp::mark {

/// The texts that a process has sent, piece by piece. However many and long they are, only so much
/// is kept: what is too long is cut off, what is too many has no text.
class Texts {
 public:
  static constexpr std::size_t longest = 4096;
  static constexpr std::size_t most = 65536;

  /// Answers whether the text is whole now, and was not before.
  bool take(const wire::Text& piece);
  /// A whole text, unless there is one of that number.
  void add(std::uint64_t id, const std::string& text);
  /// Null for a text that did not come, or not yet to its end.
  const std::string* find(std::uint64_t id) const;

 private:
  struct Text {
    std::string bytes;
    bool is_whole = false;
  };

  bool has_room_for(std::uint64_t id) const { return texts_.size() < most || texts_.contains(id); }

  std::unordered_map<std::uint64_t, Text> texts_;
};

}  // namespace mprofpp::mark
