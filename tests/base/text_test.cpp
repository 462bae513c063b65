#include "mprofpp/base/text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/locale.hpp"

using namespace mprofpp;

TEST_CASE("a text is split into its lines, and the last one may lack its line feed") {
  const auto lines_of = [](std::string_view text) {
    std::vector<std::string> lines;
    for_each_line(text, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
  };
  CHECK(lines_of("").empty());
  CHECK(lines_of("a") == std::vector<std::string>{"a"});
  CHECK(lines_of("a\n") == std::vector<std::string>{"a"});
  CHECK(lines_of("a\n\nb") == std::vector<std::string>{"a", "", "b"});
  CHECK(lines_of("\n") == std::vector<std::string>{""});
}

TEST_CASE("a number is read when it is the whole of the text") {
  CHECK(parse_number("1.5") == 1.5);
  CHECK(parse_number("-0.25") == -0.25);
  CHECK(parse_number("+3") == 3.0);
  CHECK(parse_number("1e3") == 1000.0);
  CHECK(std::isnan(parse_number("nan").value()));
  CHECK(parse_number("inf") == std::numeric_limits<double>::infinity());
}

TEST_CASE("text that is only partly a number is not a number") {
  for (const std::string text :
       {"", " ", "1 ", " 1", "1x", "1,5", "0x10", "--1", "+", "-", "1.5.2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("an integer is read when it is the whole of the text and fits the type") {
  CHECK(parse_integer<int>("42") == 42);
  CHECK(parse_integer<int>("-7") == -7);
  CHECK(parse_integer<std::uint64_t>("18446744073709551615") == 18446744073709551615ULL);
  CHECK_FALSE(parse_integer<std::uint64_t>("18446744073709551616").has_value());
  CHECK_FALSE(parse_integer<std::uint64_t>("-1").has_value());
  CHECK_FALSE(parse_integer<int>("4.0").has_value());
  CHECK_FALSE(parse_integer<int>("").has_value());
  CHECK_FALSE(parse_integer<int>("4 ").has_value());
}

TEST_CASE("fixed notation equals that of printf, digit by digit") {
  for (const double value :
       {0.0, 1.0, 0.5, 1.0000005, 123456.7890125, 1e15, -2.5, 1e-7, 364.3984375}) {
    for (const int decimals : {0, 3, 6}) {
      char expected[64];
      std::snprintf(expected, sizeof expected, "%.*f", decimals, value);
      CHECK(fixed(value, decimals) == expected);
    }
  }
}

TEST_CASE("the largest double can be written in fixed notation") {
  CHECK(fixed(std::numeric_limits<double>::max(), 6).size() == 309 + 7);
}

TEST_CASE("a comma locale changes neither what is read nor what is written") {
  const test::CommaLocale german;
  CHECK(fixed(1234567.5, 1) == "1234567.5");
  CHECK(parse_number("1234567.5") == 1234567.5);
  CHECK_FALSE(parse_number("1234567,5").has_value());
  std::string text;
  append_integer(text, 1234567);
  CHECK(text == "1234567");
}

TEST_CASE("words are cut off at single spaces") {
  std::string_view rest = "MEM 1.5  x";
  CHECK(next_word(rest) == "MEM");
  CHECK(next_word(rest) == "1.5");
  CHECK(next_word(rest) == "");
  CHECK(next_word(rest) == "x");
  CHECK(rest.empty());
  CHECK(next_word(rest) == "");
}

TEST_CASE("trimming removes spaces, tabs and line ends from both ends only") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim("a") == "a");
  CHECK(trim(" \n ") == "");
  CHECK(trim("") == "");
}

TEST_CASE("the length of a UTF-8 character is known from its bytes") {
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("é") == 2);
  CHECK(utf8_length("€") == 3);
  CHECK(utf8_length("😀") == 4);
  CHECK(utf8_length("") == 0);
}

TEST_CASE("the code of a character is known from its bytes") {
  CHECK(first_code("ab") == U'a');
  CHECK(first_code("é") == U'é');
  CHECK(first_code("€uro") == U'€');
  CHECK(first_code("😀") == U'😀');
}

TEST_CASE("an invisible character that changes the text around it is a control character") {
  for (const char32_t code : {0x0, 0x1B, 0x7F, 0x9B, 0xAD, 0x200B, 0xFEFF, 0x2028, 0x202E, 0x2066})
    CHECK(is_control(code));
  for (const char32_t code : {0x20, 0x7E, 0xA0, 0x5D0, 0x200E, 0x2190})
    CHECK_FALSE(is_control(code));
}

TEST_CASE("bytes that are not UTF-8 have no length") {
  for (const std::string bytes : {
           "\x80",              // a continuation byte alone
           "\xC3",              // cut off
           "\xE2\x82",          // cut off
           "\xC0\xAF",          // overlong '/'
           "\xE0\x80\xAF",      // overlong '/'
           "\xF0\x80\x80\xAF",  // overlong '/'
           "\xE0\x9F\xBF",      // overlong U+07FF
           "\xF0\x8F\xBF\xBF",  // overlong U+FFFF
           "\xED\xA0\x80",      // a surrogate
           "\xF4\x90\x80\x80",  // above U+10FFFF
           "\xF5\x80\x80\x80",
           "\xFF",
           "\xC3(",
       }) {
    CAPTURE(fixed(static_cast<unsigned char>(bytes[0]), 0));
    CHECK(utf8_length(bytes) == 0);
  }
}

TEST_CASE("every two-byte text becomes valid UTF-8, and what was valid stays as it is") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second)};
      const auto valid = to_valid_utf8(bytes);
      std::string_view rest = valid;
      while (!rest.empty()) {
        const auto length = utf8_length(rest);
        REQUIRE(length > 0);
        rest.remove_prefix(length);
      }
      if (utf8_length(bytes) == 2 || (first < 128 && second < 128)) REQUIRE(valid == bytes);
    }
  }
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("abc") == 3);
  CHECK(count_characters("aé€😀") == 4);
}

TEST_CASE("text for a terminal is one line without control characters") {
  CHECK(visible("a\nb\x1b[31m\x7f") == "a\\nb\\x1b[31m\\x7f");
  CHECK(visible("\u009Ba\u2028\u202E") == "\\xc2\\x9ba\\xe2\\x80\\xa8\\xe2\\x80\\xae");
  CHECK(visible("aé€😀") == "aé€😀");
  CHECK(visible("") == "");
}

TEST_CASE("bytes that are not UTF-8 are shown as hexadecimal numbers") {
  CHECK(visible("\xff\xc3(") == "\\xff\\xc3(");
  CHECK(visible("a\xe2\x82") == "a\\xe2\\x82");
}

TEST_CASE("a count has the noun in the singular or the plural") {
  CHECK(counted(0, "tick", "ticks") == "0 ticks");
  CHECK(counted(1, "process", "processes") == "1 process");
  CHECK(counted(2, "process", "processes") == "2 processes");
}

TEST_CASE("text in markup is shown unchanged, also in an attribute") {
  CHECK(markup_text("a <b> & \"c\" 'd' é") == "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; é");
  CHECK(markup_text("").empty());
}
