#include "mprofpp/inspect/shown_text.hpp"

#include <doctest/doctest.h>

using mprofpp::inspect::ShownText;

TEST_CASE("control characters become visible, and lines and tabs stay") {
  ShownText text;
  CHECK(text.add("a\tb\n\x1b[31mred\x07\r\n") == "a\tb\n\\x1b[31mred\\x07\\x0d\n");
  CHECK(text.finish().empty());
}

TEST_CASE("a character whose bytes arrive one by one is shown when it is complete") {
  ShownText text;
  std::string shown;
  for (const char byte : std::string("größer 猫 🙂")) shown += text.add(std::string(1, byte));
  CHECK(shown + text.finish() == "größer 猫 🙂");
}

TEST_CASE("bytes that never become a character are shown at the end") {
  ShownText text;
  CHECK(text.add("x\xe7\x8c") == "x");
  CHECK(text.finish() == "\\xe7\\x8c");
  CHECK(text.add("\xff\xfe!") == "\\xff\\xfe!");
}

TEST_CASE("a control character is not hidden by the parts in which it arrives") {
  ShownText text;
  std::string shown = text.add("\xc2");  // U+009B is a terminal's CSI
  shown += text.add(
      "\x9b"
      "31m");
  CHECK(shown == "\\xc2\\x9b31m");
}
