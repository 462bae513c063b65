#include "mprofpp/ring/string_table.hpp"

#include <algorithm>

namespace mprofpp::ring {

bool StringTable::add_piece(const wire::Text& piece) {
  if (!has_room_for(piece.id)) return false;
  auto& text = texts_[piece.id];
  if (text.is_whole) return false;  // processes send a text again now and then
  const std::size_t room = longest - text.bytes.size();
  text.bytes.append(piece.bytes, std::min<std::size_t>(piece.length, room));
  text.is_whole = piece.is_last;
  return text.is_whole;
}

void StringTable::add(std::uint64_t id, const std::string& text) {
  if (has_room_for(id)) texts_.try_emplace(id, Text{text, true});
}

const std::string* StringTable::find(std::uint64_t id) const {
  const auto found = texts_.find(id);
  return found == texts_.end() || !found->second.is_whole ? nullptr : &found->second.bytes;
}

}  // namespace mprofpp::ring
