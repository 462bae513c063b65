#include "mprofpp/inspect/census.hpp"

#include <doctest/doctest.h>

#include <string>

#include "inspect/peer.hpp"
#include "mprofpp/inspect/objects_text.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;
using namespace std::chrono_literals;

namespace {

constexpr char usual[] =
    R"({"python":"3.11.2","objects":12,"bytes":900,"is_lower_bound":true,"frozen":3,)"
    R"("types":[["main.Node",2,96,"0x10"],["dict",10,804,"0x20"]],)"
    R"("other_types":{"types":1,"count":4,"bytes":5},"untracked":true,)"
    R"("containers":[{"path":"main.cache","kind":"dict","length":7,"bytes":232,"address":"0x30"},)"
    R"({"path":null,"kind":"list","length":5,"bytes":96,"address":"0x40"}]})";

}  // namespace

TEST_CASE("the growth in a call is read with both counts") {
  const auto both = std::string(R"({"function":"app.f","call_ns":1500,"before":)") + usual +
                    R"(,"after":)" + usual + "}";
  const auto growth = parse_call_growth(both);
  REQUIRE(growth.has_value());
  CHECK(growth->function == "app.f");
  CHECK(growth->duration == 1500ns);
  CHECK(growth->before.objects == 12);
  CHECK(growth->after.types.size() == 2);
  CHECK_FALSE(parse_call_growth(usual).has_value());
  CHECK_FALSE(parse_call_growth(R"({"function":"app.f","after":{}})").has_value());
}

TEST_CASE("a census is read with its types and containers") {
  const auto census = parse_census(usual);
  REQUIRE(census.has_value());
  CHECK(census->python == "3.11.2");
  CHECK(census->objects == 12);
  CHECK(census->bytes == 900);
  CHECK(census->is_lower_bound);
  CHECK(census->has_untracked);
  CHECK(census->frozen == 3);
  REQUIRE(census->types.size() == 2);
  CHECK(census->types[0] == TypeCount{"main.Node", 2, 96, "0x10"});
  CHECK(census->other_types == OtherTypes{1, 4, 5});
  REQUIRE(census->containers.size() == 2);
  CHECK(census->containers[0] == Container{"main.cache", "dict", 7, 232, "0x30"});
  CHECK_FALSE(census->containers[1].path.has_value());
}

TEST_CASE("a census that was kept is read again") {
  const auto census = parse_census(usual);
  const auto again = parse_census(stored_census(*census));
  REQUIRE(again.has_value());
  CHECK(again->types == census->types);
  CHECK(again->objects == census->objects);
  CHECK(again->other_types == census->other_types);
  CHECK(again->containers[0].length == 7);
}

TEST_CASE("a census that was cut off anywhere is refused") {
  const std::string text = usual;
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_census(text.substr(0, size)).has_value());
}

TEST_CASE("a census of another shape is refused, or lacks what it does not have") {
  for (const char* text :
       {"[]", "1", "null", "{}", R"({"objects":1})", R"({"objects":-1,"bytes":1})",
        R"({"objects":"1","bytes":1})", R"({"objects":1e3,"bytes":1})", "{\"\xff\":1}"})
    CHECK_MESSAGE(!parse_census(text).has_value(), text);
  for (const char* types : {"{}", "1", "[1]", "[[]]", R"([["x"]])", R"([[1,"x",[],{}]])"}) {
    const auto census =
        parse_census(R"({"objects":1,"bytes":1,"types":)" + std::string(types) + "}");
    CHECK_MESSAGE(census.has_value(), types);
    if (census && !census->types.empty()) CHECK(census->types[0].count == 0);
  }
}

TEST_CASE("a census that is too deep or has too many types is refused") {
  CHECK_FALSE(parse_census(std::string(1 << 20, '[')).has_value());
  std::string deep = R"({"objects":1,"bytes":1,"types":)";
  CHECK_FALSE(parse_census(deep + std::string(40, '[') + std::string(40, ']') + "}").has_value());
  std::string many = R"({"objects":1,"bytes":1,"types":[[])";
  for (std::size_t i = 0; i < most_types; ++i) many += ",[]";
  CHECK_FALSE(parse_census(many + "]}").has_value());
}

TEST_CASE("a census is asked for with its options, and knows how long the program has waited") {
  Peer peer;
  peer.say(0, usual);
  peer.end(Status::done);
  Client client(peer.take_other_end());
  const auto census = take_census(
      client, {.has_untracked = true, .has_containers = true, .of = "main.x", .patience = 50ms});
  REQUIRE(census.has_value());
  CHECK(census->held == 5ms);
  const auto request = peer.received();
  CHECK(request.find("objects"
                     "max-pause=50\ncount=10000\nsizes\ncontainers\nof"
                     "main.x") != std::string::npos);
}

TEST_CASE("a pause that is too short is an error with the agent's estimate") {
  Peer peer;
  peer.end(Status::too_long, "it would take 45 ms");
  Client client(peer.take_other_end());
  const auto census = take_census(client, {.patience = 1ms});
  REQUIRE_FALSE(census.has_value());
  CHECK(census.error().code == Errc::busy);
  CHECK(census.error().what == "it would take 45 ms");
  CHECK(census.error().hint == "allow a longer pause");
}
