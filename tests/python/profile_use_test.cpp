#include "mprofpp/python/profile_use.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using mprofpp::python::line_of_profile;

namespace {

void check_all(const std::vector<std::string>& sources, std::optional<int> line) {
  for (const auto& source : sources) {
    CAPTURE(source);
    CHECK(line_of_profile(source) == line);
  }
}

}  // namespace

TEST_CASE("a decorator with our profile is found on its line") {
  check_all(
      {
          "\n@profile\ndef f(): pass\n",
          "import os\n@profile(precision=4)\ndef f(): pass\n",
          "from memory_profiler import profile\n@profile\ndef f(): pass\n",
          "from mprofpp import mark, profile as p\n@p\ndef f(): pass\n",
          "from memory_profiler import (profile,); import os\n@ profile\nclass A: pass\n",
          "import memory_profiler\n@memory_profiler.profile\ndef f(): pass\n",
          "import os, mprofpp as m\n@m.profile\ndef f(): pass\n",
          "class A:\n  @profile\n  def f(self): pass\n",
          "def outer():\n  @profile\n  async def f(): pass\n",
          "from memory_profiler import *\n@profile\ndef f(): pass\n",
      },
      2);
  CHECK(line_of_profile("x = '\\\n@profile'\n@profile") == 3);
  CHECK(line_of_profile("\xEF\xBB\xBF@profile\r\ndef f(): pass\r\n") == 1);
}

TEST_CASE("a block of profile.timestamp is found") {
  check_all(
      {
          "with profile.timestamp('load'): pass",
          "async with profile.timestamp('load'): pass",
          "with (profile.timestamp('load') as t): pass",
      },
      1);
  check_all({"from mprofpp import profile as p\nwith p.timestamp('load'): pass",
             "import mprofpp\nwith mprofpp.timestamp('load'): pass"},
            2);
  check_all({"with open('x') as f: pass", "with other.timestamp('load'): pass"}, std::nullopt);
}

TEST_CASE("string literals and comments do not count as uses") {
  check_all(
      {
          "",
          "# @profile\n",
          "'''\n@profile\ndef f(): pass\n'''\n",
          "r\"\"\"\\\"\"\"\n# '''\n@profiled\n",
          "f'''\n@profile\n'''",
          "x = ('a'\n'''\n@profile\n''')\n",
          "m = (a\n@profile)\n",
          "x = a \\\n@profile\n",
          "'never ended\n",
          "print(profile)\n",
          "@profiler\ndef f(): pass\n",
          "@some.profile\ndef f(): pass\n",
      },
      std::nullopt);
}

TEST_CASE("a profile that belongs to the program or to another library is not ours") {
  check_all(
      {
          "def profile(f): return f\n@profile\ndef f(): pass\n",
          "async def profile(f): return f\n@profile\ndef f(): pass\n",
          "class profile: pass\n@profile\ndef f(): pass\n",
          "profile = lambda f: f\n@profile\ndef f(): pass\n",
          "a, profile = 1, 2\n@profile\ndef f(): pass\n",
          "profile: object = 2\n@profile\ndef f(): pass\n",
          "for profile in x: pass\n@profile\ndef f(): pass\n",
          "if a: profile = 2\n@profile\ndef f(): pass\n",
          "from line_profiler import profile\n@profile\ndef f(): pass\n",
          "from .tools import (a,\n  profile)\n@profile\ndef f(): pass\n",
          "import cProfile as profile\n@profile\ndef f(): pass\n",
          "import profile\n@profile.run\ndef f(): pass\n",
          "from tools import *\n@profile\ndef f(): pass\n",
          "import tools as memory_profiler\n@memory_profiler.profile\ndef f(): pass\n",
          "def test():\n  from line_profiler import profile\n  @profile\n  def f(): pass\n",
          "try:\n  from line_profiler import profile\nexcept ImportError:\n  pass\n@profile\ndef "
          "f(): pass",
      },
      std::nullopt);
}

TEST_CASE("a substitute for runs without a profiler does not hide our profile") {
  check_all(
      {
          "try:\n  profile\nexcept NameError:\n  profile = lambda f: f\n@profile\ndef f(): pass",
          "try: profile\nexcept NameError: profile = 1\n\n\n@profile\ndef f(): pass",
          "try: profile\nexcept (NameError, KeyError):\n  def profile(f):\n    return f\n@profile",
          "try:\n  from memory_profiler import profile\nexcept ImportError: profile = 1\n\n@profile",
      },
      5);
}

TEST_CASE("a name in a function does not rebind the name of the module") {
  check_all({"def main(profile=None):\n  profile = load()\n@profile\ndef f(): pass\n",
             "class A:\n  def profile(self): pass\n@profile\ndef f(): pass\n"},
            3);
}

TEST_CASE("a source that is cut at any byte can be read") {
  const std::string source =
      "from memory_profiler import (profile as p,\n x)\nr'''\n''' \\\n\n@p\ndef f(a=[1, {2: "
      "'#'}]): pass\n";
  for (std::size_t cut = 0; cut <= source.size(); ++cut) {
    CAPTURE(cut);
    const auto line = line_of_profile(std::string_view(source).substr(0, cut));
    CHECK(line.has_value() == (cut >= source.find("@p") + 2));
  }
}
