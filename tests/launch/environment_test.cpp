#include "mprofpp/launch/environment.hpp"

#include <doctest/doctest.h>

using mprofpp::launch::Environment;
using Entries = std::vector<std::string>;

TEST_CASE("a value is set after all others, and other entries stay byte for byte") {
  Environment environment({"A=1", "no sign", "A B=\xff=", "RUN=old", "A=2"});
  environment.set("RUN", "new");
  CHECK(environment.entries() == Entries{"A=1", "no sign", "A B=\xff=", "A=2", "RUN=new"});
  environment.remove("RUN");
  environment.remove("NONE");
  CHECK(environment.entries().size() == 4);
}

TEST_CASE("a part is appended to a list wherever that is, or starts a new one") {
  Environment environment({"LIST=a b", "LISTS=x", "EMPTY=", "LIST=c"});
  environment.append("LIST", "d");
  environment.append("EMPTY", "d");
  environment.append("NEW", "d");
  CHECK(environment.entries() == Entries{"LIST=a b:d", "LISTS=x", "EMPTY=d", "LIST=c:d", "NEW=d"});
}

TEST_CASE("a part that is already in a list is not added again") {
  Environment environment({"LIST=a:lib.so b", "OTHER=my-lib.so"});
  environment.append("LIST", "lib.so");
  environment.append("OTHER", "lib.so");
  CHECK(environment.entries() == Entries{"LIST=a:lib.so b", "OTHER=my-lib.so:lib.so"});
}
