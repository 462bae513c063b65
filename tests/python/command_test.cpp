#include "mprofpp/python/command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using mprofpp::python::sources_of;

namespace {

using Arguments = std::vector<std::string>;

bool names(const Arguments& arguments, const std::string& file) {
  const auto files = sources_of(arguments).files;
  return std::find(files.begin(), files.end(), file) != files.end();
}

}  // namespace

TEST_CASE("the script is found after the interpreter's own options") {
  for (const auto& arguments :
       std::vector<Arguments>{{"python3", "x.py", "-c", "print()"},
                              {"python3", "-I", "-S", "-E", "x.py", "a"},
                              {"python3", "-W", "error", "-X", "dev", "x.py"},
                              {"python3", "-Werror", "-Xdev", "-uB", "x.py"},
                              {"python3", "-uW", "error", "x.py"},
                              {"python3", "--check-hash-based-pycs", "never", "x.py"}}) {
    CAPTURE(arguments.size());
    CHECK(sources_of(arguments).files == Arguments{"x.py", "x.py/__main__.py"});
    CHECK(sources_of(arguments).code.empty());
  }
}

TEST_CASE("a module may be a file or a package") {
  CHECK(sources_of({"python3", "-m", "a.b"}).files == Arguments{"a/b.py", "a/b/__main__.py"});
  CHECK(sources_of({"python3", "-Im", "a"}).files == Arguments{"a.py", "a/__main__.py"});
  CHECK(sources_of({"python3", "-ma"}).files == Arguments{"a.py", "a/__main__.py"});
}

TEST_CASE("code on the command line is a source") {
  CHECK(sources_of({"python3", "-c", "print()", "x.py"}).code == "print()");
  CHECK(sources_of({"python3", "-Icprint()"}).code == "print()");
  CHECK(sources_of({"python3", "-c", "print()", "x.py"}).files.empty());
}

TEST_CASE("input from a pipe or the terminal has no source") {
  for (const auto& arguments : std::vector<Arguments>{{},
                                                      {"python3"},
                                                      {"python3", "-"},
                                                      {"python3", "-i"},
                                                      {"python3", "-m"},
                                                      {"python3", ""}}) {
    CHECK(sources_of(arguments).files.empty());
    CHECK(sources_of(arguments).code.empty());
  }
}

TEST_CASE("a server's application is searched in the folder that its options name") {
  CHECK(names({"/usr/bin/python3", "/usr/bin/gunicorn", "-w", "2", "app:app"}, "app.py"));
  CHECK(names({"python3", "-m", "uvicorn", "shop.web:make()"}, "shop/web.py"));
  CHECK(names({"python3", "-m", "uvicorn", "shop.web:app"}, "shop/web/__init__.py"));
  CHECK(names({"python3", "/usr/bin/gunicorn", "--chdir", "src", "app:app"}, "src/app.py"));
  CHECK(names({"python3", "/usr/bin/uvicorn", "--app-dir=src", "app:app"}, "src/app.py"));
  CHECK_FALSE(
      names({"python3", "/usr/bin/gunicorn", "-b", "127.0.0.1:80", "app:app"}, "127/0/0/1.py"));
}

TEST_CASE("files in the arguments count as the program only if the tool runs them") {
  CHECK(names({"python3", "/usr/bin/pytest", "-q", "tests/test_it.py::test_one"},
              "tests/test_it.py"));
  CHECK(names({"python3", "-m", "pytest", "test_it.py"}, "test_it.py"));
  CHECK(names({"python3", "-m", "coverage", "run", "x.py"}, "x.py"));
  CHECK_FALSE(names({"python3", "/usr/bin/black", "x.py"}, "x.py"));
}
