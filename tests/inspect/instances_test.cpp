#include "mprofpp/inspect/instances.hpp"

#include <doctest/doctest.h>

#include <string>

#include "mprofpp/inspect/objects_text.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;

namespace {

constexpr char usual[] =
    R"({"python":"3.11.2","types":[{"type":"str","address":"0x1","count":3,"bytes":900,)"
    R"("largest":[{"address":"0x2","size":800,"length":751,"value":"'a\u001b'"},)"
    R"({"address":"0x3","size":50,"length":null,"value":null}],"addresses":["7f01","0x2"]}],"near":[]})";

}  // namespace

TEST_CASE("the largest objects of a type are read, with all addresses") {
  const auto instances = parse_instances(usual);
  REQUIRE(instances.has_value());
  REQUIRE(instances->types.size() == 1);
  const auto& type = instances->types[0];
  CHECK(type.count == 3);
  CHECK(type.largest[0] == Instance{"0x2", 800, 751, "'a\x1b'"});
  CHECK(type.addresses == std::vector<std::string>{"0x7f01", "0x2"});
}

TEST_CASE("the number of objects has commas between thousands") {
  auto instances = *parse_instances(usual);
  instances.types[0].count = 1234567;
  const auto text = instances_text({7, "server", "3.11.2"}, instances, {.columns = 0});
  CHECK(text.find("str: 1,234,567 objects, ") != std::string::npos);
}

TEST_CASE("values from the program cannot control the terminal") {
  const auto text =
      instances_text({7, "server", "3.11.2"}, *parse_instances(usual), {.columns = 0});
  CHECK(text ==
        "process 7, Python 3.11.2: server\n"
        "\n"
        "str: 3 objects, 900 B; the largest:\n"
        "ADDRESS   SIZE  LENGTH  VALUE\n"
        "0x2      800 B     751  'a\\x1b'\n"
        "0x3       50 B       -  -\n");
}

TEST_CASE("names that are similar are read if there is no such type") {
  const auto instances = parse_instances(R"({"types":[],"near":["main.Node",3]})");
  REQUIRE(instances.has_value());
  CHECK(instances->types.empty());
  CHECK(instances->near == std::vector<std::string>{"main.Node", ""});
}

TEST_CASE("a list that was cut off or has another shape is refused") {
  const std::string text = usual;
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_instances(text.substr(0, size)).has_value());
  for (const char* other : {"[]", "{}", "null"})
    CHECK_MESSAGE(!parse_instances(other).has_value(), other);
}
