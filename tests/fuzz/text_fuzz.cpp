// Numbers and fields: the fast ways to read them say what the slow ones say, and no byte is lost.

#include <cmath>
#include <string>
#include <vector>

#include "expect.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

void check_numbers(std::string_view text) {
  auto rest = text;
  const auto decimal = cut_decimal(rest);
  if (!decimal) {
    expect(rest == text, "what is no decimal number stays where it is");
    return;
  }
  auto behind = text;
  const auto word = next_word(behind);
  expect(rest == behind, "a decimal number is one word");
  const auto slow = parse_number(word);
  expect(slow.has_value(), "a decimal number is a number");
  const auto fast = to_double(*decimal);
  if (fast) expect(*fast == *slow, "the fast way finds the same double");
}

void check_printing(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) return;
  const auto again = parse_number(fixed(*number, 6));
  expect(again.has_value(), "a printed number is a number");
  if (std::isfinite(*number)) {
    const double bound = std::max(6e-7, std::abs(*number) * 1e-15);
    expect(std::abs(*again - *number) <= bound, "six decimals are kept");
  }
}

void check_field(std::string_view text) {
  std::string field;
  dat::append_field(field, text);
  expect(dat::decode_field(field) == text, "a field comes back byte for byte");
  expect(!field.empty() && field.find_first_of(" \n\r\t%$\\") == field.find('%'),
         "a field holds no blank, line end, dollar or backslash");
  expect(to_valid_utf8(field) == field, "a field is UTF-8");
}

void check_words(std::string_view text) {
  std::vector<std::string> words;
  for (auto rest = text; !rest.empty();) words.emplace_back(next_word(rest));
  const auto line = dat::quote_words(words);
  expect(to_valid_utf8(line) == line, "a command for people is UTF-8");
  for (const char c : line) {
    expect(static_cast<unsigned char>(c) >= 0x20, "a command for people is one line");
  }
}

}  // namespace

void check(std::string_view bytes) {
  check_numbers(bytes);
  check_printing(bytes);
  check_field(bytes);
  check_words(bytes);
  expect(count_characters(to_valid_utf8(bytes)) <= bytes.size(), "no character is made of nothing");
}

}  // namespace mprofpp::fuzz
