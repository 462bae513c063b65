#include "mprofpp/inject/image.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <string>

#include "mprofpp/inject/maps.hpp"

using namespace mprofpp::inject;

namespace {

constexpr Address start_of_bytes = 0x10000;

/// Memory in which some bytes are mapped at one address.
class Bytes : public Memory {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}

  bool read(Address from, std::span<char> buffer) const override {
    if (from < start_of_bytes || from - start_of_bytes > bytes_.size()) return false;
    const auto at = from - start_of_bytes;
    if (bytes_.size() - at < buffer.size()) return false;
    std::memcpy(buffer.data(), bytes_.data() + at, buffer.size());
    return true;
  }

 private:
  std::string bytes_;
};

Address start_of(const std::string& name) {
  const auto starts = read_maps(::getpid());
  REQUIRE(starts);
  for (const auto& start : *starts) {
    if (start.name() == name) return start.begin;
  }
  return 0;
}

/// Returns the address in libc itself: a sanitizer replaces functions of it.
Address address(const char* name) {
  void* const libc = ::dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  return reinterpret_cast<Address>(::dlsym(libc, name));
}

/// The pages of libc in this process up to its dynamic section, as one block that starts elsewhere.
std::string copy_of_libc() {
  constexpr std::size_t page = 4096;
  constexpr std::size_t most_pages = 1024;
  const ProcessMemory memory(::getpid());
  const auto start = start_of("libc.so.6");
  std::string copy;
  std::string buffer(page, 0);
  for (std::size_t i = 0; i < most_pages && memory.read(start + i * page, buffer); ++i)
    copy += buffer;
  return copy;
}

}  // namespace

TEST_CASE("functions of libc are found where the dynamic linker finds them") {
  const ProcessMemory memory(::getpid());
  const auto libc = start_of("libc.so.6");
  if (libc == 0) {
    MESSAGE("SKIP: not glibc");
    return;
  }
  const auto image = Image::at(memory, libc);
  REQUIRE(image);
  for (const char* const name : {"munmap", "syscall", "getpid", "pthread_create", "environ"}) {
    const auto found = image->find(name);
    REQUIRE_MESSAGE(found, name);
    CHECK(found->address == address(name));
  }
  CHECK_FALSE(image->find("no_such_function"));
  CHECK_FALSE(image->find(""));
  CHECK_FALSE(image->find(std::string(1000, 'x')));
}

TEST_CASE("an address that must be computed by a call (IFUNC) is not returned") {
  const ProcessMemory memory(::getpid());
  const auto image = Image::at(memory, start_of("libc.so.6"));
  if (!image) {
    MESSAGE("SKIP: not glibc");
    return;
  }
  CHECK_FALSE(image->find("strlen"));
}

TEST_CASE("memory without an ELF header is not an image") {
  CHECK_FALSE(Image::at(Bytes(""), start_of_bytes));
  CHECK_FALSE(Image::at(Bytes("\x7f"
                              "ELF"),
                        start_of_bytes));
  CHECK_FALSE(Image::at(Bytes(std::string(100'000, '\xff')), start_of_bytes));
  CHECK_FALSE(Image::at(Bytes(std::string(100'000, '\0')), start_of_bytes));
  CHECK_FALSE(Image::at(ProcessMemory(::getpid()), 0));
}

TEST_CASE("a program for another machine is not an image") {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS32;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  const Bytes bytes(std::string(reinterpret_cast<const char*>(&header), sizeof header));
  CHECK_FALSE(Image::at(bytes, start_of_bytes));
}

TEST_CASE("damaged tables end the search, whatever they contain") {
  const auto good = copy_of_libc();
  if (good.empty()) {
    MESSAGE("SKIP: not glibc");
    return;
  }
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same damage each time
  for (int round = 0; round < 300; ++round) {
    auto bad = good;
    for (int i = 0; i < 2000; ++i) bad[random() % bad.size()] = static_cast<char>(random());
    // the headers stay valid in most rounds, so that the tables behind them are reached
    if (round % 4 != 0) bad.replace(0, 1024, good, 0, 1024);
    if (round % 8 == 1) bad.resize(random() % bad.size());
    const Bytes bytes(std::move(bad));
    const auto image = Image::at(bytes, start_of_bytes);
    if (image) (void)image->find("munmap");
  }
}
