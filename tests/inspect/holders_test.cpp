#include "mprofpp/inspect/holders.hpp"

#include <doctest/doctest.h>

#include <string>

#include "mprofpp/inspect/holder_tree.hpp"
#include "mprofpp/inspect/holders_text.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;

namespace {

constexpr char usual[] =
    R"({"python":"3.11.2","objects":9,"edges":20,"targets":[{"target":"0x9","address":"0x9",)"
    R"("type":"main.Node","size":48,"value":null,"references":2,"state":"held","chains":[)"
    R"({"root":"module","steps":[{"address":"0x1","type":"module","name":"main","via":null},)"
    R"({"address":"0x2","type":"list","name":null,"via":".nodes"},)"
    R"({"address":"0x9","type":"main.Node","name":null,"via":"[3]"}]},)"
    R"({"root":"module","steps":[{"address":"0x1","type":"module","name":"main","via":null},)"
    R"({"address":"0x3","type":"functools._lru_cache_wrapper","name":"lru_cache of main.f","via":".f"},)"
    R"({"address":"0x9","type":"main.Node","name":null,"via":" argument"}]}],)"
    R"("holders":{"list":1,"functools._lru_cache_wrapper":1}},)"
    R"({"target":"0x8","address":"0x8","type":"","state":"gone"}]})";

Holders parsed() {
  auto holders = parse_holders(usual);
  REQUIRE(holders.has_value());
  return *holders;
}

}  // namespace

TEST_CASE("chains are read with how each object is held") {
  const auto holders = parsed();
  REQUIRE(holders.targets.size() == 2);
  const auto& target = holders.targets[0];
  CHECK(target.type == "main.Node");
  CHECK(target.references == 2);
  CHECK(target.state == TargetState::held);
  REQUIRE(target.chains.size() == 2);
  CHECK(target.chains[0].steps[1] == Step{"0x2", "list", std::nullopt, ".nodes"});
  CHECK(target.holders.size() == 2);
  CHECK(holders.targets[1].state == TargetState::gone);
}

TEST_CASE("a chain of attributes and indices is an expression, and no other") {
  const auto holders = parsed();
  CHECK(expression_of(holders.targets[0].chains[0]) == "main.nodes[3]");
  CHECK_FALSE(expression_of(holders.targets[0].chains[1]).has_value());
}

TEST_CASE("chains that start in the same way share their start") {
  const HoldersLook look{.process = {7, "server", "3.11.2"}, .holders = parsed()};
  CHECK(holders_text(look, {.columns = 80}, TreeLetters::unicode) ==
        "process 7, Python 3.11.2: server\n"
        "main.Node at 0x9, 48 B\n"
        "held directly by 1 functools._lru_cache_wrapper, 1 list\n"
        "\n"
        "module main\n"
        "├─ .nodes  list\n"
        "│  └─ [3]  main.Node at 0x9, 48 B\n"
        "└─ .f  lru_cache of main.f\n"
        "   └─ argument  main.Node at 0x9, 48 B\n"
        "\n"
        "0x8: there is no such object any more\n");
  CHECK(holders_text(look, {.columns = 80}, TreeLetters::ascii).find("|  `- [3]  main.Node") !=
        std::string::npos);
}

TEST_CASE("objects of a type that are new are marked") {
  const HoldersLook look{.process = {7, "server", "3.11.2"},
                         .holders = parsed(),
                         .type = LookedAtType{"main.Node", 1002, 48096, false, 3},
                         .new_addresses = {"0x9"}};
  const auto text = holders_text(look, {.columns = 80}, TreeLetters::unicode);
  CHECK(text.find("main.Node: 1,002 objects, 47.0 KiB; 3 new since the last look\n") !=
        std::string::npos);
  CHECK(text.find("[3]  main.Node at 0x9, 48 B, new\n") != std::string::npos);
  CHECK(holders_json(look).find(R"("is_new":true)") != std::string::npos);
}

TEST_CASE("an answer that was cut off or has another shape is refused") {
  const std::string text = usual;
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_holders(text.substr(0, size)).has_value());
  for (const char* other :
       {"[]", "{}", R"({"targets":1,"x":2})", R"({"targets":[{"state":"odd"}]})"})
    CHECK_MESSAGE((!parse_holders(other) || parse_holders(other)->targets.empty()), other);
}
