#include "mprofpp/inspect/collector.hpp"

#include <doctest/doctest.h>

#include <string>

#include "mprofpp/inspect/collector_text.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;

namespace {

constexpr char usual[] =
    R"({"python":"3.11.2","enabled":true,"thresholds":[700,10,10],"counts":[5,1,2],)"
    R"("generations":[{"collections":9,"collected":4,"uncollectable":0},)"
    R"({"collections":1,"collected":0,"uncollectable":0},{"collections":0,"collected":0,"uncollectable":1}],)"
    R"("collection_seconds":0.08,"garbage":[["main.Odd",1]],"frozen":0,"debug":["DEBUG_SAVEALL"],)"
    R"("finalizers":[["main.Node",12]],"callbacks":0,)"
    R"("trial":{"objects":20,"bytes":960,"types":[["main.Node",20,960]],"seconds":0.1,"uncollectable":0}})";

}  // namespace

TEST_CASE("the collector is printed with what keeps it from its work, and what it would free") {
  const auto state = parse_collector(usual);
  REQUIRE(state.has_value());
  CHECK(collector_text({7, "server", "3.11.2"}, *state, {.columns = 80}) ==
        "process 7, Python 3.11.2: server\n"
        "the collector is on; collections have taken 80 ms in all\n"
        "\n"
        "GENERATION  COUNT  THRESHOLD  COLLECTIONS  COLLECTED  UNCOLLECTABLE\n"
        "         0      5        700            9          4              0\n"
        "         1      1         10            1          0              0\n"
        "         2      2         10            0          0              1\n"
        "\n"
        "debug flags: DEBUG_SAVEALL\n"
        "gc.garbage: main.Odd 1\n"
        "classes with __del__, and their objects: main.Node 12\n"
        "\n"
        "a full collection would free 20 objects, 960 B\n"
        "TYPE       COUNT  BYTES\n"
        "main.Node     20  960 B\n");
}

TEST_CASE("without a trial nothing is printed about what would be freed") {
  const auto state = parse_collector(R"({"enabled":false,"trial":null})");
  REQUIRE(state.has_value());
  const auto text = collector_text({7, "server", "3.11.2"}, *state, {});
  CHECK(text.find("the collector is off: gc.disable()") != std::string::npos);
  CHECK(text.find("would free") == std::string::npos);
  CHECK(collector_json({7, "server", "3.11.2"}, *state).find(R"("trial":null)") !=
        std::string::npos);
}

TEST_CASE("a state that was cut off or has another shape is refused") {
  const std::string text = usual;
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_collector(text.substr(0, size)).has_value());
  for (const char* other : {"[]", "{}", "null", R"({"python":"3"})"})
    CHECK_MESSAGE(!parse_collector(other).has_value(), other);
}
