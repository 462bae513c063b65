#include "mprofpp/inspect/shown_text.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::inspect {
namespace {

/// Returns the length of the UTF-8 character that starts with that byte; 1 if none does.
std::size_t length_from(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xF0 && byte < 0xF8) return 4;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  return byte >= 0xC0 && byte < 0xE0 ? 2 : 1;
}

/// Returns how many bytes at the end are the start of a character that is not complete.
std::size_t incomplete_end(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t back = 1; back < longest && back <= text.size(); ++back) {
    const char byte = text[text.size() - back];
    const bool is_continuation = (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
    if (!is_continuation) return length_from(byte) > back ? back : 0;
  }
  return 0;
}

std::string shown(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\n\t"), text.size());
    out += visible(text.substr(0, end));
    text.remove_prefix(end);
    if (text.empty()) break;
    out += text[0];
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::string ShownText::add(std::string_view part) {
  rest_ += part;
  const auto ready = rest_.size() - incomplete_end(rest_);
  auto text = shown(std::string_view(rest_).substr(0, ready));
  rest_.erase(0, ready);
  return text;
}

std::string ShownText::finish() {
  auto text = shown(rest_);
  rest_.clear();
  return text;
}

}  // namespace mprofpp::inspect
