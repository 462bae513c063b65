#include "mprofpp/dat/escape.hpp"

#include "mprofpp/base/text.hpp"

namespace mprofpp::dat {
namespace {

constexpr std::string_view upper_hex = "0123456789ABCDEF";
constexpr std::string_view lower_hex = "0123456789abcdef";

void append_hex(std::string& out, char byte, std::string_view digits) {
  const auto value = static_cast<unsigned char>(byte);
  out += digits[value >> 4];
  out += digits[value & 15];
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool needs_encoding(char c) {
  return is_control(c) || c == ' ' || c == '%' || c == '$' || c == '\\';
}

std::optional<int> hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

void append_visible(std::string& out, std::string_view character, bool quoted) {
  const char c = character[0];
  if (character.size() > 1) {
    out += character;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (is_control(c) || utf8_length(character) == 0) {
    out += "\\x";
    append_hex(out, c, lower_hex);
  } else {
    if (quoted && (c == '"' || c == '\\')) out += '\\';
    out += c;
  }
}

/// Calls `visit` with one character at a time; a byte that is not UTF-8 is passed alone.
template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    visit(text.substr(0, length == 0 ? 1 : length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

void append_field(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += '-';
    return;
  }
  if (text == "-") {
    out += "%2D";
    return;
  }
  for_each_character(text, [&](std::string_view character) {
    if (utf8_length(character) == 0 || needs_encoding(character[0])) {
      out += '%';
      append_hex(out, character[0], upper_hex);
    } else {
      out += character;
    }
  });
}

std::string decode_field(std::string_view field) {
  std::string text;
  if (field == "-") return text;
  text.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '%' && i + 3 <= field.size()) {
      const auto high = hex_value(field[i + 1]);
      const auto low = hex_value(field[i + 2]);
      if (high && low) {
        text += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    text += field[i];
  }
  return text;
}

std::string quote_arguments(std::span<const std::string> arguments) {
  constexpr std::string_view splitting = " \t\n\"'`&|;<>()*?[]#~!{}\\$";
  std::string line;
  for (const auto& argument : arguments) {
    if (!line.empty()) line += ' ';
    const bool quoted = argument.empty() || argument.find_first_of(splitting) != std::string::npos;
    if (quoted) line += '"';
    for_each_character(argument, [&](std::string_view c) { append_visible(line, c, quoted); });
    if (quoted) line += '"';
  }
  return line;
}

std::string escape_formulas(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '$') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace mprofpp::dat
