#include "mprofpp/inject/loadable.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "mprofpp/base/file.hpp"

namespace mprofpp::inject {
namespace {

template <class Value>
std::optional<Value> value_in(const std::string& file, std::uint64_t at) {
  if (at > file.size() || file.size() - at < sizeof(Value)) return std::nullopt;
  Value value{};
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}

/// Returns where the last segment ends in the file; nothing if that is not in the file.
std::optional<std::uint64_t> end_of_segments(const std::string& file, const Elf64_Ehdr& header) {
  std::uint64_t end = 0;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    const auto segment = value_in<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type != PT_LOAD) continue;
    if (segment->p_offset > file.size() || segment->p_filesz > file.size() - segment->p_offset) {
      return std::nullopt;
    }
    end = std::max(end, segment->p_offset + segment->p_filesz);
  }
  return end == 0 ? std::nullopt : std::optional(end);
}

}  // namespace

Result<std::string> loadable_part(std::string file) {
  auto header = value_in<Elf64_Ehdr>(file, 0);
  const bool is_library = header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
                          header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_type == ET_DYN &&
                          header->e_phentsize == sizeof(Elf64_Phdr);
  const auto end = is_library ? end_of_segments(file, *header) : std::nullopt;
  if (!end || *end < sizeof *header) return fail(Errc::malformed, "", "is not a library");
  file.resize(*end);
  header->e_shoff = 0;
  header->e_shnum = 0;
  header->e_shstrndx = 0;
  std::memcpy(file.data(), &*header, sizeof *header);
  return file;
}

Result<std::string> read_loadable_part(const std::string& path) {
  auto file = read_file(path);
  if (!file) return file;
  auto part = loadable_part(std::move(*file));
  if (!part) part.error().place = path;
  return part;
}

}  // namespace mprofpp::inject
