#include "mprofpp/symbols/naming.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <link.h>

#include <memory>
#include <string>

#include "victim.hpp"

using namespace mprofpp::symbols;
using namespace mprofpp::test;

namespace {

using Library = std::unique_ptr<void, int (*)(void*)>;

/// Returns a library of this process as the agent reports it.
MappedFile mapped(void* library) {
  link_map* map = nullptr;
  REQUIRE(::dlinfo(library, RTLD_DI_LINKMAP, &map) == 0);
  constexpr std::uint64_t large_enough = 1 << 20;
  return {map->l_name, map->l_addr, map->l_addr, map->l_addr + large_enough};
}

std::uint64_t address_of(void* library, const char* symbol) {
  return reinterpret_cast<std::uint64_t>(::dlsym(library, symbol));
}

/// Returns a library of `count` functions: `f0`, `f1`, …
std::string source_of_many(int count) {
  return "asm(\".text\\n.set i, 0\\n.altmacro\\n"
         ".macro one n\\n.globl f\\\\n\\n.type f\\\\n, @function\\nf\\\\n: nop\\n"
         ".size f\\\\n, 1\\n.endm\\n"
         ".rept " +
         std::to_string(count) + "\\none %i\\n.set i, i + 1\\n.endr\\n\");";
}

}  // namespace

TEST_CASE("the functions of a library that is loaded later have their names") {
  const Workshop workshop;
  const auto path = workshop.compile("library.so", source_of_library, "-shared -fPIC -O0");
  const Library library(::dlopen(path.c_str(), RTLD_NOW), ::dlclose);
  REQUIRE(library);
  Tables tables;
  Naming naming(tables);
  naming.add(mapped(library.get()));
  CHECK(naming.name_of(address_of(library.get(), "library_entry")) == "library_entry");
  CHECK(naming.name_of(address_of(library.get(), "_ZN7library4workEi")) == "library::work");
}

TEST_CASE("an address without a name is written as its file and the offset in it") {
  const Workshop workshop;
  const auto path = workshop.compile("program", source_of_program, "-s -O0");
  Tables tables(Effort::between_samples, "/nowhere");
  Naming naming(tables);
  naming.add({path, 0x400000, 0x401000, 0x500000});
  CHECK(naming.name_of(0x401a2b) == "program+0x1a2b");
  CHECK(naming.name_of(0x500000) == "0x500000");
  CHECK(naming.name_of(0x400fff) == "0x400fff");
  CHECK(naming.name_of(0) == "0x0");
}

TEST_CASE("a file that cannot be read names nothing and harms nothing") {
  Tables tables;
  Naming naming(tables);
  naming.add({"/absent/lib.so", 0x1000, 0x1000, 0x2000});
  naming.add({"", 0x3000, 0x3000, 0x4000});
  naming.add({"upside/down", 0, 0x9000, 0x8000});
  CHECK(naming.name_of(0x1010) == "lib.so+0x10");
  CHECK(naming.name_of(0x3010) == "+0x10");
  CHECK(naming.name_of(0x8800) == "0x8800");
}

TEST_CASE("a file that is mapped in the place of another one replaces it") {
  Tables tables;
  Naming naming(tables);
  naming.add({"/absent/old", 0x1000, 0x1000, 0x5000});
  naming.add({"/absent/far", 0x9000, 0x9000, 0xa000});
  naming.add({"/absent/new", 0x2000, 0x2000, 0x3000});
  CHECK(naming.name_of(0x2010) == "new+0x10");
  CHECK(naming.name_of(0x1010) == "0x1010");
  CHECK(naming.name_of(0x9010) == "far+0x10");
}

TEST_CASE("a file that vanishes after its first name keeps its names") {
  const Workshop workshop;
  const auto path = workshop.compile("library.so", source_of_library, "-shared -fPIC -O0");
  const auto functions = workshop.functions_of("library.so");
  Tables tables;
  Naming naming(tables);
  naming.add({path, 0, 1, 1 << 20});
  const auto [first, last] = std::pair(functions.begin()->first, functions.rbegin()->first);
  const auto before = naming.name_of(last);
  workshop.run("rm library.so");
  for (const auto& [address, symbol] : functions) {
    if (symbol == "library_entry") CHECK(naming.name_of(address) == "library_entry");
  }
  CHECK(naming.name_of(last) == before);
}

TEST_CASE("processes share the table of a file, and a rebuilt file has another one") {
  const Workshop workshop;
  const auto path = workshop.compile("library.so", source_of_library, "-shared -fPIC -O0");
  Tables tables;
  auto* const table = tables.table_of(path);
  REQUIRE(table != nullptr);
  CHECK(tables.table_of(path) == table);
  workshop.run("cp library.so other && mv other library.so");
  CHECK(tables.table_of(path) != table);
}

TEST_CASE("functions of a very large file are named at the end, not between samples") {
  const Workshop workshop;
  const auto path = workshop.compile("many.so", source_of_many(200'001), "-shared -fPIC");
  const auto functions = workshop.functions_of("many.so");
  const auto address = functions.begin()->first;
  Tables tables(Effort::between_samples, "/nowhere");
  Naming naming(tables);
  naming.add({path, 0, 1, 1 << 24});
  std::uint64_t wanted = 0;
  for (const auto& [place, symbol] : functions) {
    if (symbol == "f123456") wanted = place;
  }
  REQUIRE(wanted > address);
  const auto placeholder = naming.name_of(wanted);
  CHECK(placeholder.starts_with("many.so+0x"));
  CHECK(naming.name_of(wanted) == placeholder);

  const auto late = tables.late_names();
  REQUIRE(late.size() == 1);
  CHECK(late[0].address == placeholder);
  CHECK(late[0].name == "f123456");
  CHECK(tables.late_names().empty());

  Tables patient(Effort::unlimited);
  Naming at_once(patient);
  at_once.add({path, 0, 1, 1 << 24});
  CHECK(at_once.name_of(wanted) == "f123456");
}
