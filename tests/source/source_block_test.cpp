#include "mprofpp/source/source_block.hpp"

#include <doctest/doctest.h>

#include "mprofpp/source/source_lines.hpp"

using mprofpp::source::last_line_of;
using mprofpp::source::source_lines;

namespace {

int last_of(std::string_view source, int first = 1) {
  return last_line_of(source_lines(source), first);
}

}  // namespace

TEST_CASE("a function ends with its last statement, also if empty lines and another follow") {
  CHECK(last_of("def f():\n    a = 1\n\n    return a\n\n\ndef g():\n    pass\n") == 4);
  CHECK(last_of("class C:\n    def f(self):\n        pass\n\n    x = 1\n", 2) == 3);
  CHECK(last_of("def f(): return 1\nx = 2\n") == 1);
  CHECK(last_of("def f():\n    pass") == 2);
}

TEST_CASE("decorators belong to the function, with all lines of their arguments") {
  CHECK(last_of("@profile\n@other(\n  lambda: 1,\n)\ndef f():\n    pass\nx = 1\n") == 6);
}

TEST_CASE("a comment behind the last statement belongs to the function if it is indented like it") {
  CHECK(last_of("def f():\n    pass\n    # inside\n# outside\nx = 1\n") == 3);
  CHECK(last_of("def f():\n    pass\n  # too far left\nx = 1\n") == 2);
}

TEST_CASE("brackets, backslashes and literals join lines, whatever their indentation") {
  CHECK(last_of("def f(a,\nb):\n    x = [1,\n2]\n    return a + \\\nb\ny = 1\n") == 6);
  CHECK(last_of("def f():\n    x = '''\nclass C: # no\n'''\n    y = \"#(\"\ny = 1\n") == 5);
  CHECK(last_of("def f():\n    x = r'\\' + rb\"(\\\"\" + u'it\\'s ('\ny = 1\n") == 2);
  CHECK(last_of("def f():\n    x = 'a\\\nb'\ny = 1\n") == 3);
}

TEST_CASE(
    "fields of f-strings may have quotes, brackets, lines, formats and strings of their own") {
  CHECK(last_of("def f():\n    x = f\"{d[\"#(\"]:{\"(\"}>{w}} {{(\"\ny = 1\n") == 2);
  CHECK(last_of("def f():\n    x = f'{\nd  # (\n!r}'\ny = 1\n") == 4);
  CHECK(last_of("def f():\n    x = f'\\N{LEFT PARENTHESIS} {a:\\}}'\ny = 1\n") == 2);
}

TEST_CASE("a lambda ends with its statement") {
  CHECK(last_of("f = lambda: (\n  1)\nx = 1\n") == 2);
  CHECK(last_of("call(1,\n  key=lambda x: x)\ny = 1\n", 2) == 2);
}

TEST_CASE("text that is not Python ends somewhere") {
  CHECK(last_of("'''never closed\n") == 1);
  CHECK(last_of("def f(:\n  (\n") >= 1);
  std::string nested = "def f(): ";
  for (int i = 0; i < 100'000; ++i) nested += "f'{";
  CHECK(last_of(nested) == 1);
}

TEST_CASE("lines end with any line end, and a form feed does not end one") {
  CHECK(source_lines("a\r\nb\rc\n\x0c"
                     "d") == std::vector<std::string>{"a", "b", "c",
                                                      "\x0c"
                                                      "d"});
  CHECK(source_lines("").empty());
}

TEST_CASE("a source is read in the encoding that it declares") {
  CHECK(source_lines("# -*- coding: latin-1 -*-\nx = '\xe9'\n")[1] == "x = 'é'");
  CHECK(source_lines("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n")[2] ==
        "x = '€'");
  CHECK(source_lines("x = 1\n# coding: latin-1\n'\xe9'\n")[2] == "'\xEF\xBF\xBD'");
  CHECK(source_lines("# coding: no-such\n'é'\n")[1] == "'é'");
  CHECK(source_lines("\xEF\xBB\xBF"
                     "x = 'é'\n")[0] == "x = 'é'");
}
