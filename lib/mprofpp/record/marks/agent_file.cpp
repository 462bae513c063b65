#include "mprofpp/record/marks/agent_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "mprofpp/base/file.hpp"
#include "mprofpp/wire/agent_note.hpp"

namespace mprofpp::record {
namespace {

constexpr auto belong_together = "bin/, lib/ and libexec/ of mprofpp belong together";

/// The linker puts the headers and the notes of a file into its first page.
constexpr std::size_t first_page = 4096;

/// Reads a T at `offset`; returns nothing if too few bytes are left.
template <class T>
std::optional<T> value_at(std::span<const char> bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

/// Finds the agent's own note in a sequence of notes.
std::optional<wire::AgentNote> agent_note_in(std::span<const char> notes) {
  const wire::AgentNote wanted;
  while (const auto header = value_at<Elf64_Nhdr>(notes, 0)) {
    const auto note = value_at<wire::AgentNote>(notes, 0);
    const bool is_it = note && note->name_size == wanted.name_size &&
                       note->content_size == wanted.content_size && note->type == wanted.type &&
                       std::memcmp(note->name, wanted.name, sizeof wanted.name) == 0;
    if (is_it) return note;
    const auto size = sizeof *header + padded(header->n_namesz) + padded(header->n_descsz);
    notes = notes.subspan(std::min(size, notes.size()));
  }
  return std::nullopt;
}

/// Finds the agent's note in a file, given its first page.
std::optional<wire::AgentNote> agent_note_of(std::span<const char> page, const Elf64_Ehdr& elf) {
  for (std::size_t i = 0; i < elf.e_phnum; ++i) {
    const auto segment = value_at<Elf64_Phdr>(page, elf.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) break;
    if (segment->p_type != PT_NOTE || segment->p_offset > page.size()) continue;
    const auto behind = page.subspan(segment->p_offset);
    const auto note = agent_note_in(behind.first(std::min(behind.size(), segment->p_filesz)));
    if (note) return note;
  }
  return std::nullopt;
}

std::optional<wire::AgentNote> read_agent_note(const Fd& fd) {
  std::array<char, first_page> buffer;
  const auto length = read_block_at(fd.get(), buffer, 0);
  if (!length) return std::nullopt;
  const auto page = std::span<const char>(buffer).first(*length);
  const auto elf = value_at<Elf64_Ehdr>(page, 0);
  const bool is_ours = elf && std::memcmp(elf->e_ident, ELFMAG, SELFMAG) == 0 &&
                       elf->e_ident[EI_CLASS] == ELFCLASS64;
  return is_ours ? agent_note_of(page, *elf) : std::nullopt;
}

/// Maps the file as the dynamic linker does, which a file system mounted noexec refuses.
Result<void> check_mapping(const Fd& fd, const std::string& path) {
  void* const code = ::mmap(nullptr, first_page, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd.get(), 0);
  if (code == MAP_FAILED) {
    const int error = errno;
    return fail(Errc::unsupported, path, fail_errno(error, "", "cannot be loaded").value().what,
                "its file system does not allow executing files: install mprofpp elsewhere");
  }
  ::munmap(code, first_page);
  return {};
}

}  // namespace

Result<void> check_agent(const std::string& path) {
  // O_NONBLOCK, because opening a pipe would block
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) {
    return fail(Errc::not_found, path, "is missing", belong_together);
  }
  if (!fd) return fail_errno(errno, path, "cannot be opened");
  const auto note = read_agent_note(fd);
  if (!note) return fail(Errc::malformed, path, "is not the library of mprofpp", belong_together);
  if (note->content != wire::stamp) {
    return fail(Errc::unsupported, path, "belongs to another build of mprofpp", belong_together);
  }
  return check_mapping(fd, path);
}

}  // namespace mprofpp::record
