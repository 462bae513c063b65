// The files of recorded programs, which may contain anything.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "expect.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/symbols/readable.hpp"
#include "mprofpp/symbols/table.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

constexpr std::size_t longest_name = 1000;

void check_name(std::string_view bytes) {
  const auto name = symbols::readable(bytes);
  expect(name.size() <= longest_name, "a name that is too long is cut");
  const auto qualified = symbols::qualified_name(bytes);
  expect(qualified.size() <= bytes.size(), "a qualified name is part of the text");
  expect(qualified.empty() == bytes.empty() || bytes.ends_with("thunk to "), "a text has a name");
}

void check_file(std::string_view bytes) {
  const Fd file(::memfd_create("fuzz", MFD_CLOEXEC));
  if (!file || !write_all(file.get(), bytes)) return;
  const auto path = "/proc/self/fd/" + std::to_string(file.get());
  const auto elf = symbols::open_elf(path);
  if (!elf) return;
  for (const auto& section : {elf->all, elf->dynamic}) {
    if (!section) continue;
    for (const auto& extent : {section->symbols, section->names}) {
      expect(extent.size <= bytes.size() && extent.offset <= bytes.size() - extent.size,
             "tables are inside the file");
    }
  }
  auto table = symbols::Table::load(path, "/nowhere", symbols::Effort::between_samples);
  expect(table.count() * 24 <= bytes.size(), "there are no more functions than symbols");
  for (std::uint64_t address = 0; address < 0x4000; address += 0x40) {
    const auto name = table.name_at(address);
    expect(!name || (!name->empty() && name->size() <= longest_name),
           "a name is neither empty nor too long");
  }
}

}  // namespace

void check(std::string_view bytes) {
  check_name(bytes);
  check_file(bytes);
}

}  // namespace mprofpp::fuzz
