#include "mprofpp/ring/bell_notes.hpp"

namespace mprofpp::ring {
namespace {

constexpr std::size_t longest_note = 40;
constexpr std::size_t most_notes = 100;

bool is_of_a_note(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
}

}  // namespace

void BellNotes::add(std::string_view bytes) {
  for (const char byte : bytes) add(byte);
}

void BellNotes::add(char byte) {
  if (byte == '\0') return;  // some ring is half full
  if (byte != '\n') {
    is_note_ = is_note_ && is_of_a_note(byte) && line_.size() < longest_note;
    if (is_note_) line_ += byte;
    return;
  }
  if (is_note_ && !line_.empty() && names_.size() < most_notes) names_.insert(line_);
  line_.clear();
  is_note_ = true;
}

}  // namespace mprofpp::ring
