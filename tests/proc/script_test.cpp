#include "mprofpp/proc/script.hpp"

#include <doctest/doctest.h>

using mprofpp::proc::script_of;

TEST_CASE("an interpreter's script is the first argument after its options") {
  CHECK(script_of({"python3", "service.py"}) == "service.py");
  CHECK(script_of({"/usr/bin/python3.12", "-u", "-X", "dev", "app/service.py", "-m", "x"}) ==
        "app/service.py");
  CHECK(script_of({"/bin/sh", "-e", "./run.sh"}) == "./run.sh");
  CHECK(script_of({"node", "--max-old-space-size=100", "server.js"}) == "server.js");
  CHECK(script_of({"perl", "-w", "--", "-odd.pl"}) == "-odd.pl");
}

TEST_CASE("a module is a script too") {
  CHECK(script_of({"python3", "-m", "http.server", "80"}) == "http.server");
  CHECK(script_of({"python3", "-Im", "http.server"}) == "http.server");
  CHECK(script_of({"python3", "-mhttp.server"}) == "http.server");
}

TEST_CASE("code from the command line or stdin has no name") {
  CHECK(script_of({"python3", "-c", "import service", "service.py"}).empty());
  CHECK(script_of({"bash", "-c", "./run.sh"}).empty());
  CHECK(script_of({"python3", "-"}).empty());
  CHECK(script_of({"python3"}).empty());
  CHECK(script_of({"python3", "-X"}).empty());
  CHECK(script_of({}).empty());
}

TEST_CASE("an argument of another program is not a script") {
  CHECK(script_of({"tail", "-f", "service.py"}).empty());
  CHECK(script_of({"pythonic", "service.py"}).empty());
}
