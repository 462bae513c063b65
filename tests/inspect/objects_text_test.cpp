#include "mprofpp/inspect/objects_text.hpp"

#include <doctest/doctest.h>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;
using namespace std::chrono_literals;

namespace {

ObjectsLook look_of(std::vector<TypeCount> types) {
  ObjectsLook look{.process = {12, "python3 server.py", "3.11.2"}, .now = {}};
  for (const auto& type : types) {
    look.now.objects += type.count;
    look.now.bytes += type.bytes;
  }
  look.now.types = std::move(types);
  return look;
}

}  // namespace

TEST_CASE("the first look shows no growth, and not 0") {
  CHECK(objects_text(look_of({{"main.Node", 1002, 48096, "0x1"}}), {.columns = 80}) ==
        "process 12, Python 3.11.2: python3 server.py\n"
        "1,002 objects, 47.0 KiB; look again to see what grows\n"
        "\n"
        "TYPE       COUNT  ΔCOUNT     BYTES  ΔBYTES\n"
        "main.Node  1,002       -  47.0 KiB       -\n");
}

TEST_CASE("the next look shows what has grown since then") {
  auto look = look_of({{"main.Node", 1002, 48096, "0x1"}, {"dict", 1, 64, "0x2"}});
  look.before =
      EarlierCensus{look_of({{"main.Node", 2, 96, "0x1"}, {"dict", 3, 192, "0x2"}}).now, 12300ms};
  CHECK(objects_text(look, {.columns = 80}) ==
        "process 12, Python 3.11.2: python3 server.py\n"
        "1,003 objects, 47.0 KiB; in the last 12.3 s: +998 objects, +46.8 KiB\n"
        "\n"
        "TYPE       COUNT  ΔCOUNT     BYTES     ΔBYTES\n"
        "main.Node  1,002  +1,000  47.0 KiB  +46.9 KiB\n"
        "dict           1      −2      64 B     −128 B\n");
}

TEST_CASE("a table fits into the terminal: names lose their start, and rows are counted") {
  const std::string name = "package.module.submodule.Manager.<locals>.ThisIsTheName";
  const auto text =
      objects_text(look_of({{name, 1, 64, "0x1"}, {"b", 1, 1, "0x2"}, {"c", 1, 1, "0x3"}}),
                   {.columns = 50, .rows = 1});
  for_each_line(text, [](std::string_view line) { CHECK(text_width(line) <= 50); });
  CHECK(text.find("ThisIsTheName  ") != std::string::npos);
  CHECK(text.find("\n… and 2 more types\n") != std::string::npos);
}

TEST_CASE("names from the program cannot control the terminal") {
  const auto text = objects_text(look_of({{"a\x1b[2J\n", 1, 64, "0x1"}}), {.columns = 0});
  CHECK(text.find("a\\x1b[2J\\n") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("bytes are a lower bound if a type has its own __sizeof__") {
  auto look = look_of({{"a", 1, 64, "0x1"}});
  look.now.is_lower_bound = true;
  CHECK(objects_text(look, {}).find("1 object, at least 64 B;") != std::string::npos);
}

TEST_CASE("containers are printed with how long they were") {
  auto look = look_of({});
  look.now.containers = {{"main.cache", "dict", 20002, 900000, "0x1"},
                         {std::nullopt, "list", 3, 88, "0x2"}};
  look.before = EarlierCensus{look.now, 1s};
  look.before->census.containers[0].length = 2;
  CHECK(objects_text(look, {}).find("\n"
                                    "CONTAINER   KIND      LENGTH      BYTES\n"
                                    "main.cache  dict  2 → 20,002  878.9 KiB\n"
                                    "0x2         list           3       88 B\n") !=
        std::string::npos);
}

TEST_CASE("JSON has null for what is unknown") {
  const auto json = objects_json(look_of({{"a\xff", 1, 64, "0x1"}}));
  CHECK(json.find(R"("since_seconds":null)") != std::string::npos);
  CHECK(json.find(R"("count":1,"count_growth":null,"bytes":64,"bytes_growth":null)") !=
        std::string::npos);
  CHECK(json.ends_with("}\n"));
}
