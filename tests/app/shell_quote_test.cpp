#include "console/shell_quote.hpp"

#include <doctest/doctest.h>

using mprofpp::app::quoted_for_shell;

TEST_CASE("a plain path needs no quotes") {
  CHECK(quoted_for_shell("/tmp/x-1.dat") == "/tmp/x-1.dat");
  CHECK(quoted_for_shell("a=b:c,d@e%f+g") == "a=b:c,d@e%f+g");
}

TEST_CASE("a path with other characters is in single quotes") {
  CHECK(quoted_for_shell("my file.dat") == "'my file.dat'");
  CHECK(quoted_for_shell("it's.dat") == "'it'\\''s.dat'");
  CHECK(quoted_for_shell("größe.dat") == "'größe.dat'");
  CHECK(quoted_for_shell("$HOME") == "'$HOME'");
  CHECK(quoted_for_shell("") == "''");
}

TEST_CASE("a path that starts with a minus sign is not an option") {
  CHECK(quoted_for_shell("-x.dat") == "./'-x.dat'");
}

TEST_CASE("a path with control characters stays on one line") {
  CHECK(quoted_for_shell("a\nb\t'c\\") == "$'a\\nb\\x09\\'c\\\\'");
}
