#include "objects/text.hpp"

#include <string.h>

namespace mprofpp::agent::objects {
namespace {

constexpr char digits[] = "0123456789abcdef";

/// Returns the size of the text without characters that `longest` would cut.
std::size_t size_within(wire::TextView text, std::size_t longest) {
  if (text.length <= longest) return text.length;
  constexpr unsigned char mask = 0xC0, continues = 0x80;
  std::size_t size = longest;
  while (size > 0 && (static_cast<unsigned char>(text.bytes[size]) & mask) == continues) --size;
  return size;
}

}  // namespace

Text& Text::add(wire::TextView part) {
  char* const at = bytes_.add_several(part.length);
  if (at == nullptr) {
    is_complete_ = false;
  } else {
    memcpy(at, part.bytes, part.length);
  }
  return *this;
}

Text& Text::add(const char* part) {
  return add({part, strlen(part)});
}

Text& Text::add(std::uint64_t number) {
  char reversed[20];
  std::size_t count = 0;
  do {
    reversed[count++] = digits[number % 10];
    number /= 10;
  } while (number > 0);
  while (count > 0) add({&reversed[--count], 1});
  return *this;
}

Text& Text::add_address(const void* address) {
  const auto number = reinterpret_cast<std::uintptr_t>(address);
  add("\"0x");
  bool is_begun = false;
  for (int shift = 60; shift >= 0; shift -= 4) {
    const auto digit = number >> shift & 0xF;
    is_begun = is_begun || digit != 0 || shift == 0;
    if (is_begun) add({&digits[digit], 1});
  }
  return add("\"");
}

void Text::add_escaped(char byte) {
  const auto number = static_cast<unsigned char>(byte);
  if (byte == '"' || byte == '\\') {
    add("\\").add({&byte, 1});
  } else if (number < 0x20) {
    add("\\u00").add({&digits[number >> 4], 1}).add({&digits[number & 0xF], 1});
  } else {
    add({&byte, 1});
  }
}

Text& Text::add_string(wire::TextView text, std::size_t longest) {
  add("\"");
  const auto size = size_within(text, longest);
  for (std::size_t i = 0; i < size; ++i) add_escaped(text.bytes[i]);
  if (size < text.length) add("…");
  return add("\"");
}

Text& Text::add_cut(wire::TextView text, std::size_t longest) {
  const auto size = size_within(text, longest);
  add({text.bytes, size});
  return size < text.length ? add("…") : *this;
}

}  // namespace mprofpp::agent::objects
