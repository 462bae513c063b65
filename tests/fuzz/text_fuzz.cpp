// Numbers and fields. The fast way to read a number gives the same result as the slow one, and no byte of a
// field is lost.

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
    expect(rest == text, "text that is not a decimal number is not consumed");
    return;
  }
  auto behind = text;
  const auto word = next_word(behind);
  expect(rest == behind, "a decimal number is one word");
  const auto slow = parse_number(word);
  expect(slow.has_value(), "a decimal number is a number");
  const auto fast = to_double(*decimal);
  if (fast) expect(*fast == *slow, "the fast way gives the same double");
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
  expect(dat::decode_field(field) == text, "a field is decoded to the same bytes");
  expect(!field.empty() && field.find_first_of(" \n\r\t%$\\") == field.find('%'),
         "a field contains no space, line end, dollar or backslash");
  expect(to_valid_utf8(field) == field, "a field is UTF-8");
}

void check_quotes(std::string_view text) {
  std::vector<std::string> arguments;
  for (auto rest = text; !rest.empty();) arguments.emplace_back(next_word(rest));
  const auto line = dat::quote_arguments(arguments);
  expect(to_valid_utf8(line) == line, "a quoted command line is UTF-8");
  for (const char c : line) {
    expect(static_cast<unsigned char>(c) >= 0x20, "a quoted command line is one line");
  }
}

}  // namespace

void check(std::string_view bytes) {
  check_numbers(bytes);
  check_printing(bytes);
  check_field(bytes);
  check_quotes(bytes);
  expect(count_characters(to_valid_utf8(bytes)) <= bytes.size(),
         "there are no more characters than bytes");
}

}  // namespace mprofpp::fuzz
