#include "mprofpp/inspect/stacks_json.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace mprofpp;
using namespace mprofpp::inspect;

namespace {

constexpr char usual[] = R"({"python":"3.11.2","stacks":[)"
                         R"({"kind":"thread","number":140,"name":"MainThread","tid":12,"frames":[)"
                         R"({"function":"f","file":"a.py","line":3,"locals":{"x":"1","y":"'z'"}},)"
                         R"({"function":"<module>","file":"a.py","line":9}]},)"
                         R"({"kind":"task","name":null,"frames":[]}]})";

}  // namespace

TEST_CASE("stacks are read with their frames and local variables") {
  const auto stacks = parse_stacks(usual);
  REQUIRE(stacks.has_value());
  CHECK(stacks->python == "3.11.2");
  REQUIRE(stacks->stacks.size() == 2);
  const auto& thread = stacks->stacks[0];
  CHECK(thread.kind == StackKind::thread);
  CHECK(thread.name == "MainThread");
  CHECK(thread.tid == 12);
  REQUIRE(thread.frames.size() == 2);
  CHECK(thread.frames[0] == Frame{"f", "a.py", 3, {{"x", "1"}, {"y", "'z'"}}});
  CHECK(thread.frames[1] == Frame{"<module>", "a.py", 9});
  CHECK(stacks->stacks[1].kind == StackKind::task);
  CHECK(stacks->stacks[1].name.empty());
  CHECK_FALSE(stacks->stacks[1].tid.has_value());
}

TEST_CASE("a frame may be the index of a place that several frames share") {
  const auto stacks = parse_stacks(
      R"({"places":[{"function":"f","file":"a.py","line":3},{"function":"g","file":"b.py","line":1}],)"
      R"("stacks":[{"kind":"thread","frames":[1,0,{"function":"h"}]},{"kind":"thread","frames":[1]}]})");
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->stacks.size() == 2);
  const Frame shared{"g", "b.py", 1};
  CHECK(stacks->stacks[0].frames == std::vector<Frame>{shared, {"f", "a.py", 3}, {"h", "", 0}});
  CHECK(stacks->stacks[1].frames == std::vector<Frame>{shared});
}

TEST_CASE("a short text cannot become long names without a limit") {
  std::string text = R"({"places":[{"function":")" + std::string(1 << 20, 'x') +
                     R"("}],"stacks":[{"kind":"thread","frames":[0)";
  for (std::size_t i = 0; i < most_shared_text >> 20; ++i) text += ",0";
  CHECK_FALSE(parse_stacks(text + "]}]}").has_value());
}

TEST_CASE("a text that was cut off anywhere is refused") {
  const std::string text = usual;
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_stacks(text.substr(0, size)).has_value());
}

TEST_CASE("JSON of another shape is refused") {
  for (const char* text :
       {"[]", "1", R"("x")", "null", R"({"stacks":{}})", R"({"stacks":[1]})", R"({"stacks":[[]]})",
        R"({"stacks":[{"kind":"goblin"}]})", R"({"stacks":[{"frames":{}}]})",
        R"({"stacks":[{"frames":["x"]}]})", R"({"stacks":[{"frames":[{"locals":{"x":{}}}]}]})",
        R"({"stacks":[{"frames":[{"locals":{"x":[]}}]}]})", R"({"other":{}})", R"({"places":[1]})",
        R"({"places":[{"frames":[]}]})", R"({"stacks":[{"frames":[0]}]})",
        R"({"places":[{}],"stacks":[{"frames":[1]}]})", R"({"places":[{"locals":{}}]})",
        "{\"python\":\"\xff\"}"})
    CHECK_MESSAGE(!parse_stacks(text).has_value(), text);
}

TEST_CASE("numbers that are too large are unknown") {
  const auto stacks = parse_stacks(
      R"({"stacks":[{"kind":"thread","tid":18446744073709551615,"frames":[{"line":-1},{"line":1e99}]}]})");
  REQUIRE(stacks.has_value());
  CHECK_FALSE(stacks->stacks[0].tid.has_value());
  CHECK(stacks->stacks[0].frames[0].line == 0);
  CHECK(stacks->stacks[0].frames[1].line == 0);
}

TEST_CASE("deep nesting is refused at once") {
  CHECK_FALSE(parse_stacks(std::string(1 << 20, '[')).has_value());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"stacks":[)";
  CHECK_FALSE(parse_stacks(objects).has_value());
}

TEST_CASE("the number of stacks is limited") {
  std::string text = R"({"stacks":[{})";
  for (std::size_t i = 0; i < most_stacks; ++i) text += ",{}";
  CHECK_FALSE(parse_stacks(text + "]}").has_value());
}
