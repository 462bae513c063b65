#include "mprofpp/symbols/table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "mprofpp/symbols/readable.hpp"
#include "support/paths.hpp"
#include "victim.hpp"

using namespace mprofpp::symbols;
using namespace mprofpp::test;

namespace {

constexpr auto no_debug_root = "/nowhere";

Table table_of(const std::string& path, const std::string& debug_root = no_debug_root) {
  return Table::load(path, debug_root, Effort::between_samples);
}

using Functions = std::multimap<std::uint64_t, std::string>;

/// Returns the address that nm gives for the function of that readable name; 0 if there is none.
std::uint64_t address_of(const Functions& functions, const std::string& name) {
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const auto& each) { return readable(each.second) == name; });
  return found == functions.end() ? 0 : found->first;
}

std::string name_at(Table& table, std::uint64_t address) {
  return table.name_at(address).value_or("-");
}

/// Checks the names of our own functions. Those of the compiler without size or type (`_init`,
/// labels) may have no name here.
void check_names_of_program(const Functions& functions, Table& table) {
  for (const std::string name :
       {"main", "plain", "app::Loader::Loader", "app::Loader::~Loader", "app::Loader::load",
        "app::Loader::operator<", "app::Loader::operator int", "app::Loader::operator()",
        "app::twice<int>", "app::twice<double>", "app::adder", "(anonymous namespace)::hidden"}) {
    const auto address = address_of(functions, name);
    INFO("function: ", name);
    REQUIRE(address != 0);
    CHECK(name_at(table, address) == name);
    CHECK(name_at(table, address + 3) == name);
  }
}

void check_program(const std::string& compiler, const std::string& options) {
  const Workshop workshop(compiler);
  if (!workshop.is_open()) {
    MESSAGE("SKIP: no ", compiler);
    return;
  }
  auto table = table_of(workshop.compile("program", source_of_program, options));
  check_names_of_program(workshop.functions_of("program"), table);
}

/// Overwrites bytes of a file.
void patch(const std::string& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.good());
}

}  // namespace

TEST_CASE("functions of a position independent program have their names, with g++") {
  check_program("g++", "-fPIE -pie -O0");
}

TEST_CASE("functions of a program at fixed addresses have their names, with g++") {
  check_program("g++", "-fno-pie -no-pie -O0");
}

TEST_CASE("functions of a position independent program have their names, with clang++") {
  check_program("clang++", "-fPIE -pie -O0");
}

TEST_CASE("functions of a program at fixed addresses have their names, with clang++") {
  check_program("clang++", "-fno-pie -no-pie -O0");
}

TEST_CASE("a lambda has the name that its compiler gives it") {
  const Workshop workshop;
  auto table = table_of(workshop.compile("program", source_of_program, "-O0"));
  constexpr auto name = "app::adder::{lambda(int)#1}::operator()";
  CHECK(name_at(table, address_of(workshop.functions_of("program"), name)) == name);
}

TEST_CASE("an address has the name that addr2line gives it") {
  const Workshop workshop;
  auto table = table_of(workshop.compile("program", source_of_program, "-g -O0"));
  for (const auto& [address, symbol] : workshop.functions_of("program")) {
    if (!symbol.starts_with("_Z") && symbol != "main") continue;  // the start-up code has no sizes
    workshop.run("addr2line -f -e program $(printf 0x%x " + std::to_string(address + 1) +
                 ") | head -n 1 > said");
    const auto said = bytes_of(workshop.path("said"));
    CHECK(name_at(table, address + 1) == readable(said.substr(0, said.find('\n'))));
  }
}

TEST_CASE("a shared library's functions have their names, hidden ones included") {
  const Workshop workshop;
  auto table = table_of(workshop.compile("library.so", source_of_library, "-shared -fPIC -O0"));
  const auto functions = workshop.functions_of("library.so");
  for (const std::string name : {"library::inner", "library::work", "library_entry"}) {
    CHECK(name_at(table, address_of(functions, name)) == name);
  }
}

TEST_CASE("a stripped library still names the functions that others may call, and nothing else") {
  const Workshop workshop;
  const auto path = workshop.compile("library.so", source_of_library, "-shared -fPIC -O0");
  const auto functions = workshop.functions_of("library.so");
  workshop.run("strip library.so");
  auto table = table_of(path);
  CHECK(name_at(table, address_of(functions, "library::work")) == "library::work");
  CHECK(name_at(table, address_of(functions, "library::inner")) == "-");
}

TEST_CASE("a stripped program has no names") {
  const Workshop workshop;
  const auto path = workshop.compile("program", source_of_program, "-O0");
  const auto functions = workshop.functions_of("program");
  workshop.run("strip program");
  auto table = table_of(path);
  CHECK(name_at(table, address_of(functions, "app::Loader::load")) == "-");
  CHECK_FALSE(table.is_postponed());
}

TEST_CASE(
    "symbols split off are found by .gnu_debuglink, next to the file, in .debug, or below a root") {
  const Workshop workshop;
  const auto path = workshop.compile("program", source_of_program, "-O0 -Wl,--build-id=none");
  const auto functions = workshop.functions_of("program");
  workshop.run("objcopy --only-keep-debug program program.debug");
  workshop.run("strip program && objcopy --add-gnu-debuglink=program.debug program");

  auto beside = table_of(path);
  check_names_of_program(functions, beside);

  workshop.run("mkdir .debug && mv program.debug .debug/");
  auto in_folder = table_of(path);
  check_names_of_program(functions, in_folder);

  workshop.run("mkdir -p root/$PWD && mv .debug/program.debug root/$PWD/");
  CHECK(table_of(path).count() == 0);
  auto below_root = table_of(path, workshop.path("root"));
  check_names_of_program(functions, below_root);
}

TEST_CASE("a file that .gnu_debuglink names is not used if its checksum differs") {
  const Workshop workshop;
  const auto path = workshop.compile("program", source_of_program, "-O0 -Wl,--build-id=none");
  workshop.run("objcopy --only-keep-debug program program.debug");
  workshop.run("strip program && objcopy --add-gnu-debuglink=program.debug program");
  REQUIRE(table_of(path).count() > 0);
  workshop.run("printf x >> program.debug");
  CHECK(table_of(path).count() == 0);
}

TEST_CASE("symbols split off are found by build-id") {
  const Workshop workshop;
  const auto path = workshop.compile("program", source_of_program, "-O0 -Wl,--build-id=0xabcdef01");
  const auto functions = workshop.functions_of("program");
  workshop.run("mkdir -p root/.build-id/ab && strip program -o stripped");
  workshop.run("objcopy --only-keep-debug program root/.build-id/ab/cdef01.debug");
  auto table = table_of(workshop.path("stripped"), workshop.path("root"));
  check_names_of_program(functions, table);
}

TEST_CASE("a file with another build-id is not used") {
  const Workshop workshop;
  workshop.compile("other", source_of_program, "-O0 -Wl,--build-id=0xabcdef02");
  workshop.compile("program", source_of_program, "-O0 -Wl,--build-id=0xabcdef01");
  workshop.run("mkdir -p root/.build-id/ab && strip program");
  workshop.run("objcopy --only-keep-debug other root/.build-id/ab/cdef01.debug");
  CHECK(table_of(workshop.path("program"), workshop.path("root")).count() == 0);
}

TEST_CASE("a debug link never leads out of its folders") {
  const Workshop workshop;
  workshop.compile("program", source_of_program, "-O0 -Wl,--build-id=none");
  workshop.run("objcopy --only-keep-debug program aabcc.debug && mkdir in");
  workshop.run("strip program -o in/program && objcopy --add-gnu-debuglink=aabcc.debug in/program");
  workshop.run("cp aabcc.debug in && mv aabcc.debug cc.debug");
  REQUIRE(table_of(workshop.path("in/program")).count() > 0);
  workshop.run("LC_ALL=C sed -i s:aabcc.debug:../cc.debug: in/program");
  CHECK(table_of(workshop.path("in/program")).count() == 0);
}

TEST_CASE("an address with two names has the one that others may call") {
  const Workshop workshop;
  const auto path = workshop.compile("names.so", R"(
extern "C" {
int before(int n) { return n; }
static __attribute__((used, alias("before"))) int aaa(int n);
__attribute__((weak, alias("before"))) int bbb(int n);
}
)",
                                     "-shared -fPIC -O0");
  auto table = table_of(path);
  CHECK(name_at(table, address_of(workshop.functions_of("names.so"), "before")) == "before");
}

TEST_CASE("a function reaches to its end, and one without a size to the next") {
  const Workshop workshop;
  const auto path = workshop.compile("sizes.so", R"(
asm(R"x(
  .text
  .globl sized, open, next, data_like
  .type sized, @function
sized: .fill 16, 1, 0x90
  .size sized, 16
  .fill 16, 1, 0x90
  .type open, @function
open: .fill 32, 1, 0x90
  .type next, @function
next: .fill 16, 1, 0x90
  .size next, 16
data_like: .fill 64, 1, 0x90
)x");
)",
                                     "-shared -fPIC -O0");
  const auto functions = workshop.functions_of("sizes.so");
  auto table = table_of(path);
  const auto sized = address_of(functions, "sized");
  CHECK(name_at(table, sized + 15) == "sized");
  CHECK(name_at(table, sized + 16) == "-");
  CHECK(name_at(table, sized + 32) == "open");
  CHECK(name_at(table, sized + 63) == "open");
  CHECK(name_at(table, sized + 64) == "next");
  CHECK(name_at(table, sized + 80) == "-");  // only functions have a name
  CHECK(name_at(table, 0) == "-");
  CHECK(name_at(table, ~std::uint64_t{0}) == "-");
}

TEST_CASE("a file that is not a program for this machine has no functions") {
  const Workshop workshop;
  workshop.run("mkfifo pipe && mkdir folder && printf '' > empty && printf '\\177ELF' > short");
  for (const std::string name : {"pipe", "folder", "empty", "short", "absent"}) {
    INFO("file: ", name);
    CHECK(table_of(workshop.path(name)).count() == 0);
  }
  CHECK(table_of("/dev/zero").count() == 0);
  CHECK(table_of("").count() == 0);
}

TEST_CASE("a file cut short anywhere is read as far as it makes sense") {
  const Workshop workshop;
  const auto whole = bytes_of(workshop.compile("library.so", source_of_library, "-shared -fPIC"));
  const auto path = workshop.path("cut");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    auto table = table_of(path);
    (void)table.name_at(0x1100);
  }
  CHECK(table_of(path).count() == 0);  // the table of contents is at the end
}

TEST_CASE("a header that claims more than there is costs nothing") {
  const Workshop workshop;
  const auto path = workshop.compile("library.so", source_of_library, "-shared -fPIC");
  constexpr std::streamoff section_count = 60;
  patch(path, section_count, std::string("\0\0", 2));  // then the first section has the number
  CHECK(table_of(path).count() == 0);
  patch(path, section_count, "\xff\xfe");
  CHECK(table_of(path).count() == 0);
}

TEST_CASE("functions are sorted by address and the best name of one comes first") {
  std::vector<FunctionSymbol> functions;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const auto address = std::uint64_t{i * 2654435761u % 1000} << (i % 3 * 21);
    functions.push_back({address, 1, (i % 7) & 7, i});
  }
  auto expected = functions;
  std::stable_sort(expected.begin(), expected.end(),
                   [](const FunctionSymbol& a, const FunctionSymbol& b) {
                     return a.address != b.address ? a.address < b.address : a.rank < b.rank;
                   });
  sort(functions);
  for (std::size_t i = 0; i < functions.size(); ++i) CHECK(functions[i].name == expected[i].name);
}
