#include "mprofpp/symbols/elf_file.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "mprofpp/base/file.hpp"

namespace mprofpp::symbols {
namespace {

using Handle = std::unique_ptr<Elf, decltype(&elf_end)>;

// libelf allocates as many sections as a header claims: no linker has ever written more than this
constexpr std::size_t most_sections = 10'000;
constexpr std::uint64_t largest_small_section = 256 * 1024;

Result<FileIdentity> identity_of(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) return fail(Errc::malformed, path, "is not a regular file");
  return FileIdentity{status.st_dev, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                      static_cast<std::uint64_t>(status.st_size)};
}

/// Opens regular files only: opening anything else (a pipe, a tape) can block or have side effects.
Result<ElfFile> open_regular(const std::string& path) {
  if (auto before = identify(path); !before) return Failure(std::move(before.error()));
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return fail_errno(errno, path, "cannot open");
  auto identity = identity_of(status, path);
  if (!identity) return Failure(std::move(identity.error()));
  ElfFile file;
  file.fd = std::move(fd);
  file.identity = *identity;
  return file;
}

/// Returns true if the header is one for this machine and claims no more sections than libelf may allocate.
bool has_sound_header(int fd) {
  Elf64_Ehdr header{};
  const auto bytes = std::span(reinterpret_cast<char*>(&header), sizeof header);
  const auto read = read_block_at(fd, bytes, 0);
  constexpr auto our_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
  return read && *read == sizeof header && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == our_order &&
         header.e_shentsize == sizeof(Elf64_Shdr) && header.e_shnum > 0 &&
         header.e_shnum <= most_sections;
}

bool is_inside(const GElf_Shdr& section, const ElfFile& file) {
  return section.sh_type != SHT_NOBITS && (section.sh_flags & SHF_COMPRESSED) == 0 &&
         section.sh_offset <= file.identity.size &&
         section.sh_size <= file.identity.size - section.sh_offset;
}

/// Returns true if libelf may be asked for the content of the section.
bool is_small(const GElf_Shdr& section, const ElfFile& file) {
  return is_inside(section, file) && section.sh_size <= largest_small_section;
}

std::optional<SymbolSection> symbols_in(Elf* elf, const GElf_Shdr& section, const ElfFile& file) {
  GElf_Shdr names;
  if (gelf_getshdr(elf_getscn(elf, section.sh_link), &names) == nullptr) return std::nullopt;
  const bool is_sound = section.sh_entsize == sizeof(Elf64_Sym) && is_inside(section, file) &&
                        names.sh_type == SHT_STRTAB && is_inside(names, file);
  if (!is_sound) return std::nullopt;
  return SymbolSection{{section.sh_offset, section.sh_size}, {names.sh_offset, names.sh_size}};
}

std::string build_id_in(Elf_Data* notes) {
  GElf_Nhdr note;
  std::size_t name = 0;
  std::size_t content = 0;
  for (std::size_t at = 0; (at = gelf_getnote(notes, at, &note, &name, &content)) > 0;) {
    const auto* const bytes = static_cast<const char*>(notes->d_buf);
    const std::string_view owner(bytes + name, note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && owner == std::string_view("GNU\0", 4)) {
      return std::string(bytes + content, note.n_descsz);
    }
  }
  return {};
}

/// Parses a name, padding up to four bytes, and a checksum.
std::optional<DebugLink> debug_link_in(const Elf_Data* data) {
  const std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
  const auto end = bytes.find('\0');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto at = (end + 4) & ~std::size_t{3};
  DebugLink link{std::string(bytes.substr(0, end)), 0};
  if (bytes.size() < at + sizeof link.checksum) return std::nullopt;
  std::memcpy(&link.checksum, bytes.data() + at, sizeof link.checksum);
  return link;
}

/// Names of sections, if they are safe to ask for.
class SectionNames {
 public:
  SectionNames(Elf* elf, const ElfFile& file) : elf_(elf) {
    GElf_Shdr names;
    const bool is_there = elf_getshdrstrndx(elf, &index_) == 0 &&
                          gelf_getshdr(elf_getscn(elf, index_), &names) != nullptr;
    is_readable_ = is_there && is_small(names, file);
  }

  std::string_view of(const GElf_Shdr& section) const {
    const char* const name = is_readable_ ? elf_strptr(elf_, index_, section.sh_name) : nullptr;
    return name == nullptr ? std::string_view() : name;
  }

 private:
  Elf* elf_;
  std::size_t index_ = 0;
  bool is_readable_ = false;
};

void take_section(Elf* elf, Elf_Scn* section, const SectionNames& names, ElfFile& file) {
  GElf_Shdr header;
  if (gelf_getshdr(section, &header) == nullptr) return;
  if (header.sh_type == SHT_SYMTAB) file.all = symbols_in(elf, header, file);
  if (header.sh_type == SHT_DYNSYM) file.dynamic = symbols_in(elf, header, file);
  if (!is_small(header, file)) return;
  if (header.sh_type == SHT_NOTE && file.build_id.empty()) {
    if (auto* const notes = elf_getdata(section, nullptr); notes && notes->d_buf)
      file.build_id = build_id_in(notes);
  }
  if (header.sh_type == SHT_PROGBITS && names.of(header) == ".gnu_debuglink") {
    if (auto* const link = elf_rawdata(section, nullptr); link && link->d_buf)
      file.debug_link = debug_link_in(link);
  }
}

}  // namespace

Result<FileIdentity> identify(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, path, "cannot read");
  return identity_of(status, path);
}

Result<ElfFile> open_elf(const std::string& path) {
  auto file = open_regular(path);
  if (!file) return file;
  elf_version(EV_CURRENT);
  // read and not mapped, so that a file that is cut short meanwhile does not kill us
  const Handle elf(
      has_sound_header(file->fd.get()) ? elf_begin(file->fd.get(), ELF_C_READ, nullptr) : nullptr,
      elf_end);
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) {
    return fail(Errc::malformed, path, "is not a program or library for this machine");
  }
  const SectionNames names(elf.get(), *file);
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
    take_section(elf.get(), section, names, *file);
  }
  return file;
}

}  // namespace mprofpp::symbols
