#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mprofpp {

// Numbers to text and back without ever asking the locale: a comma locale must not change a file.

/// The whole of `text` as a number; "nan" and "inf" are numbers. Nothing for anything else.
std::optional<double> parse_number(std::string_view text);

/// The whole of `text` as an integer of type T; nothing when it is none or does not fit.
template <class T>
std::optional<T> parse_integer(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Appends `value` with `decimals` places, rounded as printf("%.*f") does.
void append_fixed(std::string& out, double value, int decimals);
std::string fixed(double value, int decimals);

void append_integer(std::string& out, std::int64_t value);

/// Cuts the first word off `rest`: what stands before the next single blank. Empty at the end.
inline std::string_view next_word(std::string_view& rest) {
  const auto blank = rest.find(' ');
  const auto word = rest.substr(0, blank);
  rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
  return word;
}

/// `text` without blanks, tabs and line ends at either end.
std::string_view trim(std::string_view text);

/// Length in bytes of the UTF-8 character at the start of `text`; 0 when the bytes there are not
/// valid UTF-8 (overlong forms, surrogates and code points above U+10FFFF included).
std::size_t utf8_length(std::string_view text);

/// Every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// How many characters (code points) valid UTF-8 has.
std::size_t count_characters(std::string_view utf8);

}  // namespace mprofpp
