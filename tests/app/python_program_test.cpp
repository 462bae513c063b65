#include "options/python_program.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "captured.hpp"

using namespace mprofpp::app;
using mprofpp::test::CurrentFolder;

TEST_CASE("a Python file is run with python3") {
  const CurrentFolder folder;
  folder->write("x.py", "");
  CHECK(with_interpreter({"x.py", "-v"}, Python::by_name) == Arguments{"python3", "x.py", "-v"});
}

TEST_CASE("other programs are run as they are") {
  const CurrentFolder folder;
  folder->write("tool", "");
  CHECK(with_interpreter({"./tool", "x.py"}, Python::by_name) == Arguments{"./tool", "x.py"});
  CHECK(with_interpreter({"missing.py"}, Python::by_name) == Arguments{"missing.py"});
}

TEST_CASE("an executable script with a path starts its own interpreter") {
  const CurrentFolder folder;
  const auto script = folder->write("x.py", "#!/usr/bin/env python3\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  CHECK(with_interpreter({"./x.py"}, Python::by_name) == Arguments{"./x.py"});
  CHECK(with_interpreter({"x.py"}, Python::by_name) == Arguments{"python3", "x.py"});
}

TEST_CASE("with --python a name that is not a file is a module") {
  const CurrentFolder folder;
  folder->write("tool", "");
  CHECK(with_interpreter({"http.server"}, Python::always) ==
        Arguments{"python3", "-m", "http.server"});
  CHECK(with_interpreter({"tool"}, Python::always) == Arguments{"python3", "tool"});
}

TEST_CASE("an interpreter is never run by another one") {
  for (const char* name : {"python", "python3.12", "/opt/pypy3"}) {
    CAPTURE(name);
    CHECK(with_interpreter({name, "x"}, Python::always) == Arguments{name, "x"});
  }
  CHECK(with_interpreter({"python_stats"}, Python::always) == Arguments{"python_stats"});
}

TEST_CASE("with --nopython a Python file is executed itself") {
  const CurrentFolder folder;
  folder->write("x.py", "");
  CHECK(with_interpreter({"x.py"}, Python::never) == Arguments{"x.py"});
}
