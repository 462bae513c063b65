#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace mprofpp {

// Numbers to text and back without ever asking the locale: a comma locale must not change a file.

/// A number as it is written: `digits` with the point before the last `places` of them.
struct Decimal {
  std::int64_t digits = 0;
  int places = 0;
};

/// The digits at the start of eight bytes, all handled in one register: how many there are, and the
/// number they make. After D. Lemire, "Quickly parsing eight digits" (2018), for fewer than eight too.
struct LeadingDigits {
  int count = 0;
  std::uint64_t value = 0;
};
inline LeadingDigits leading_digits(std::uint64_t little_endian_bytes) {
  constexpr std::uint64_t every_byte = 0x0101010101010101;
  std::uint64_t digits = little_endian_bytes ^ (every_byte * '0');  // a digit is now 0 to 9
  const std::uint64_t others = ((digits + every_byte * (0x80 - 10)) | digits) & (every_byte * 0x80);
  const int count = others == 0 ? 8 : std::countr_zero(others) / 8;
  if (count == 0) return {};
  digits <<= 64 - 8 * count;  // the missing ones become leading zeros

  digits = digits * 10 + (digits >> 8);  // pairs, in every second byte
  constexpr std::uint64_t two_pairs = 0x000000FF000000FF;
  const std::uint64_t upper = (digits & two_pairs) * (100 + (std::uint64_t{1'000'000} << 32));
  const std::uint64_t lower = ((digits >> 16) & two_pairs) * (1 + (std::uint64_t{10'000} << 32));
  return {count, (upper + lower) >> 32};
}

inline constexpr std::array<std::uint64_t, 9> whole_powers_of_ten = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// Reads digits from `at` on, behind those in `value`, and answers where they end.
inline const char* take_digits(const char* at, const char* end, std::uint64_t& value) {
  std::uint64_t sum = value;  // a local one stays in a register
  while (std::endian::native == std::endian::little && end - at >= 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    const auto [count, number] = leading_digits(bytes);
    sum = sum * whole_powers_of_ten[static_cast<std::size_t>(count)] + number;
    at += count;
    if (count < 8) {
      value = sum;
      return at;
    }
  }
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned>(*at - '0');
    if (digit > 9) break;
    sum = sum * 10 + digit;
  }
  value = sum;
  return at;
}

/// Cuts the first word off `rest`, as next_word does, if it is digits with at most one point between
/// them, 18 at most. Else nothing, and `rest` stays as it is. Recordings consist of such words, so it
/// goes through the bytes once and is inline.
inline std::optional<Decimal> cut_decimal(std::string_view& rest) {
  constexpr std::ptrdiff_t most_digits = 18;  // fit 64 bits; more wrap, and are refused
  const char* const begin = rest.data();
  const char* const end = begin + rest.size();
  std::uint64_t digits = 0;
  const char* const point = take_digits(begin, end, digits);
  const char* at = point;
  std::ptrdiff_t places = 0;
  if (at != end && *at == '.') {
    at = take_digits(at + 1, end, digits);
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

/// The double nearest to `decimal`, where one division finds it: when digits and power of ten are both
/// exact in a double (W. D. Clinger, How to read floating point numbers accurately, 1990).
inline std::optional<double> to_double(Decimal decimal) {
  constexpr std::int64_t largest_exact = std::int64_t{1} << 53;
  if (decimal.digits > largest_exact) return std::nullopt;
  return static_cast<double>(decimal.digits) /
         powers_of_ten[static_cast<std::size_t>(decimal.places)];
}

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

template <std::integral T>
void append_integer(std::string& out, T value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

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

/// The code point of valid UTF-8's first character.
char32_t first_code(std::string_view utf8);

/// Characters that do something to the text around them instead of being seen: controls, and what
/// ends lines or turns directions.
bool is_control(char32_t code);

/// Every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// How many characters (code points) valid UTF-8 has.
std::size_t count_characters(std::string_view utf8);

}  // namespace mprofpp
