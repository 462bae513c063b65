#include <doctest/doctest.h>

#include <string>

#include "objects/options.hpp"
#include "objects/text.hpp"

using mprofpp::agent::objects::Array;
using mprofpp::agent::objects::Commas;
using mprofpp::agent::objects::Options;
using mprofpp::agent::objects::Text;
using mprofpp::wire::TextView;

namespace {

TextView view(const std::string& text) {
  return {text.data(), text.size()};
}

std::string text_in(const Text& text) {
  return {text.bytes(), text.size()};
}

std::string string_of(const std::string& content, std::size_t longest) {
  Text text;
  text.add_string(view(content), longest);
  return text_in(text);
}

std::string after(const std::string& options, const char* name) {
  const auto found = Options(view(options)).after(name);
  return found.bytes == nullptr ? "none" : std::string(found.bytes, found.length);
}

}  // namespace

TEST_CASE("numbers and addresses are written as JSON wants them") {
  Text text;
  text.add(std::uint64_t{0}).add(" ").add(18446744073709551615U).add(" ");
  text.add_address(reinterpret_cast<void*>(0x7f00a0)).add(" ").add_address(nullptr);
  CHECK(text_in(text) == R"(0 18446744073709551615 "0x7f00a0" "0x0")");
}

TEST_CASE("strings are escaped, and not cut within a character") {
  CHECK(string_of("a\"b\\c\n\x01", 100) == R"("a\"b\\c\u000a\u0001")");
  CHECK(string_of("", 100) == "\"\"");
  CHECK(string_of("abc", 3) == "\"abc\"");
  CHECK(string_of("abcd", 3) == "\"abc…\"");
  CHECK(string_of("ab€", 3) == "\"ab…\"");
  CHECK(string_of("€€", 3) == "\"€…\"");
}

TEST_CASE("commas are between items") {
  Text text;
  Commas commas(text);
  for (const char* item : {"1", "2", "3"}) {
    commas.add();
    text.add(item);
  }
  CHECK(text_in(text) == "1,2,3");
  CHECK(text.restart().size() == 0);
  CHECK(text.is_complete());
}

TEST_CASE("an array keeps its items while it grows") {
  Array<int> array;
  for (int i = 0; i < 100'000; ++i) REQUIRE(array.add(i));
  for (int i = 0; i < 100'000; ++i) REQUIRE(array[static_cast<std::size_t>(i)] == i);
  CHECK(array.take_last() == 99'999);
  CHECK(array.size() == 99'999);
}

TEST_CASE("options are lines, and some have a value") {
  const std::string options = "sizes\ncount=12\ntype=main.Node\nof";
  CHECK(Options(view(options)).has("sizes"));
  CHECK(Options(view(options)).has("of"));
  CHECK_FALSE(Options(view(options)).has("size"));
  CHECK_FALSE(Options(view(options)).has("count"));
  CHECK_FALSE(Options(view("offset\nof")).has("off"));
  CHECK(Options(view("offset\nof")).has("of"));
  CHECK(after(options, "type=") == "main.Node");
  CHECK(after(options, "depth=") == "none");
  CHECK(after("", "type=") == "none");
  CHECK(Options(view(options)).number_after("count=", 5) == 12);
  CHECK(Options(view(options)).number_after("depth=", 5) == 5);
  CHECK(Options(view("count=x")).number_after("count=", 5) == 5);
  CHECK(Options(view("count=")).number_after("count=", 5) == 5);
  CHECK(Options(view("count=99999999999999999999")).number_after("count=", 5) == 5);
}
