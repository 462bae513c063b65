#include "mprofpp/inject/loadable.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <string>

#include "support/paths.hpp"

using namespace mprofpp;
using namespace mprofpp::inject;
using namespace mprofpp::test;

namespace {

template <class Value>
void put(std::string& file, std::size_t at, const Value& value) {
  std::memcpy(file.data() + at, &value, sizeof value);
}

std::string library_with(const Elf64_Phdr& segment, std::size_t size) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_type = ET_DYN;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_shoff = size;
  header.e_shnum = 9;
  std::string file(size, 'x');
  put(file, 0, header);
  put(file, sizeof header, segment);
  return file;
}

Elf64_Phdr segment(std::uint64_t offset, std::uint64_t size) {
  Elf64_Phdr header{};
  header.p_type = PT_LOAD;
  header.p_offset = offset;
  header.p_filesz = size;
  return header;
}

}  // namespace

TEST_CASE("only the segments of a library are kept") {
  const auto part = loadable_part(library_with(segment(0, 500), 10'000));
  REQUIRE(part);
  CHECK(part->size() == 500);
  Elf64_Ehdr header{};
  std::memcpy(&header, part->data(), sizeof header);
  CHECK(header.e_shoff == 0);
  CHECK(header.e_shnum == 0);
}

TEST_CASE("a file that ends before its segments is not a library") {
  constexpr auto far = ~std::uint64_t{0};
  for (const auto& bad : {segment(0, 501), segment(501, 0), segment(far, 1), segment(1, far),
                          segment(0, 0), segment(0, 10)}) {
    CHECK_FALSE(loadable_part(library_with(bad, 500)));
  }
}

TEST_CASE("text, a short file and a program without segments are not libraries") {
  CHECK_FALSE(loadable_part(""));
  CHECK_FALSE(
      loadable_part("\x7f"
                    "ELF"));
  CHECK_FALSE(loadable_part(std::string(1000, 'x')));
  auto cut = library_with(segment(0, 500), 500);
  put(cut, offsetof(Elf64_Ehdr, e_phnum), Elf64_Half{60'000});
  CHECK_FALSE(loadable_part(cut));
  put(cut, offsetof(Elf64_Ehdr, e_phoff), ~Elf64_Off{0});
  CHECK_FALSE(loadable_part(cut));
}

TEST_CASE("the error of a file that is not a library names it") {
  const auto part = read_loadable_part("/etc/passwd");
  REQUIRE_FALSE(part);
  CHECK(part.error().place == "/etc/passwd");
  CHECK(part.error().code == Errc::malformed);
}
