#include "mprofpp/mark/bell_notes.hpp"

namespace mprofpp::mark {
namespace {

constexpr std::size_t longest = 40;
constexpr std::size_t most = 100;

bool is_of_a_note(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
}

}  // namespace

void BellNotes::take(std::string_view bytes) {
  for (const char byte : bytes) take(byte);
}

void BellNotes::take(char byte) {
  if (byte == '\0') return;  // a ring that is half full
  if (byte != '\n') {
    is_note_ = is_note_ && is_of_a_note(byte) && line_.size() < longest;
    if (is_note_) line_ += byte;
    return;
  }
  if (is_note_ && !line_.empty() && names_.size() < most) names_.insert(line_);
  line_.clear();
  is_note_ = true;
}

}  // namespace mprofpp::mark
