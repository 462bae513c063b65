#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mprofpp {

// Conversions between numbers and text. They never use the locale: a locale with a decimal comma
// must not change a file.

/// A decimal number as it is written: all digits as one integer, of which the last `places` are
/// after the point.
struct Decimal {
  std::int64_t digits = 0;
  int places = 0;
};

/// Reads the digits at `at`, appends them to those in `value`, and returns where they end.
inline const char* read_digits(const char* at, const char* end, std::uint64_t& value) {
  std::uint64_t sum = value;  // a local variable stays in a register
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned>(*at - '0');
    if (digit > 9) break;
    sum = sum * 10 + digit;
  }
  value = sum;
  return at;
}

/// Cuts the first word off `rest`, as next_word does, if it consists of digits with at most one point
/// between them and has at most 18 characters. Otherwise returns nothing and leaves `rest` as it is.
/// Recordings consist of such words, so this makes a single pass over the bytes and is inline.
inline std::optional<Decimal> cut_decimal(std::string_view& rest) {
  constexpr std::ptrdiff_t most_digits = 18;  // these fit in 64 bits; more are refused
  const char* const begin = rest.data();
  const char* const end = begin + rest.size();
  std::uint64_t digits = 0;
  const char* const point = read_digits(begin, end, digits);
  const char* at = point;
  std::ptrdiff_t places = 0;
  if (at != end && *at == '.') {
    at = read_digits(at + 1, end, digits);
    places = at - point - 1;
    if (places == 0) return std::nullopt;
  }
  if (point == begin || at - begin > most_digits || (at != end && *at != ' ')) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(at - begin) + (at == end ? 0 : 1));
  return Decimal{static_cast<std::int64_t>(digits), static_cast<int>(places)};
}

inline constexpr std::array<double, 19> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                                         1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
                                                         1e14, 1e15, 1e16, 1e17, 1e18};

/// Returns the double nearest to `decimal` if a single division finds it, which is the case if the
/// digits and the power of ten are both exact in a double (W. D. Clinger, How to read floating
/// point numbers accurately, 1990).
inline std::optional<double> to_double(Decimal decimal) {
  constexpr std::int64_t largest_exact = std::int64_t{1} << 53;
  if (decimal.digits > largest_exact) return std::nullopt;
  return static_cast<double>(decimal.digits) /
         powers_of_ten[static_cast<std::size_t>(decimal.places)];
}

/// Parses all of `text` as a number, which may be "nan" or "inf". Returns nothing for anything else.
std::optional<double> parse_number(std::string_view text);

/// Parses all of `text` as an integer of type T. Returns nothing if it is not an integer or does not fit.
template <class T>
std::optional<T> parse_integer(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Appends `value` with `decimals` digits after the point, rounded as printf("%.*f") does.
void append_fixed(std::string& out, double value, int decimals);
std::string fixed(double value, int decimals);

template <std::integral T>
void append_integer(std::string& out, T value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// Returns `text` with its ASCII letters in upper case.
std::string upper(std::string_view text);

/// Cuts the first word off `rest`: the text up to the next single space. Empty at the end.
inline std::string_view next_word(std::string_view& rest) {
  const auto space = rest.find(' ');
  const auto word = rest.substr(0, space);
  rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  return word;
}

/// Returns `text` without spaces, tabs and line ends at either end.
std::string_view trim(std::string_view text);

/// Calls `take` with each line of the text, without its line feed. The last line may lack one.
template <class Take>
void for_each_line(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    take(line);
  }
}

/// Returns the length in bytes of the UTF-8 character at the start of `text`; 0 if the bytes there
/// are not valid UTF-8 (overlong forms, surrogates and code points above U+10FFFF included).
std::size_t utf8_length(std::string_view text);

/// Returns the code point of the first character of valid UTF-8.
char32_t first_code(std::string_view utf8);

/// Returns true for a character that affects the text around it instead of being visible: a control
/// character, or one that ends a line, changes the writing direction or has no width.
bool is_control(char32_t code);

/// Replaces every byte that is not part of valid UTF-8 by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// Returns the number of characters (code points) in valid UTF-8.
std::size_t count_characters(std::string_view utf8);

/// Returns `text` on one line and harmless to a terminal: control characters and bytes that are not
/// UTF-8 appear as \n or \x1b.
std::string visible(std::string_view text);

/// Returns text that HTML and XML show unchanged, also in an attribute.
std::string markup_text(std::string_view text);

/// Returns the count with its noun: "1 tick", "3 ticks".
std::string counted(std::uint64_t count, std::string_view one, std::string_view several);

}  // namespace mprofpp
