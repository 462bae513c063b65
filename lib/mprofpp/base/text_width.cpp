#include "mprofpp/base/text_width.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp {
namespace {

/// Returns the bytes of the first character; a byte that is not valid UTF-8 is one.
std::string_view first_character(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(1, utf8_length(text)));
}

}  // namespace

std::size_t character_width(char32_t code) {
  if (code < 0x7F) return 1;
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code));
  return width < 0 ? 0 : static_cast<std::size_t>(width);
}

std::size_t text_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const auto character = first_character(utf8);
    width += character_width(first_code(character));
    utf8.remove_prefix(character.size());
  }
  return width;
}

std::string_view start_that_fits(std::string_view utf8, std::size_t columns) {
  std::size_t bytes = 0;
  std::size_t width = 0;
  while (bytes < utf8.size()) {
    const auto character = first_character(utf8.substr(bytes));
    width += character_width(first_code(character));
    if (width > columns) break;
    bytes += character.size();
  }
  return utf8.substr(0, bytes);
}

std::string cut_to_width(std::string_view utf8, std::size_t columns) {
  if (text_width(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return {};
  return std::string(start_that_fits(utf8, columns - 1)) + "…";
}

}  // namespace mprofpp
