#include "mprofpp/python/obstacle.hpp"

#include <elf.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::python {
namespace {

std::string_view name_in(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// Recognises ld-linux-x86-64.so.2, ld.so and ld-musl-x86_64.so.1.
bool is_linker(std::string_view name) {
  return name.starts_with("ld-") || name.starts_with("ld.so");
}

/// Reads the version in a name such as "python3.7". A name may omit any part of it.
bool is_too_old(std::string_view name) {
  constexpr int first_minor = 8;
  name.remove_prefix(std::min(name.size(), std::string_view("python").size()));
  const auto dot = name.find('.');
  const auto major = parse_integer<int>(name.substr(0, dot));
  if (!major || *major != 3) return major && *major < 3;
  if (dot == std::string_view::npos) return false;
  auto digits = name.substr(dot + 1);
  const auto end = digits.find_first_not_of("0123456789");
  const auto minor = parse_integer<int>(digits.substr(0, end));
  return minor && *minor < first_minor;
}

/// Returns true if executing the file raises our privileges. For root it never does.
bool is_privileged(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  const bool changes_user = (status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid();
  const bool changes_group = (status.st_mode & S_ISGID) != 0 && status.st_gid != ::getegid();
  const bool has_capabilities =
      ::geteuid() != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
  return changes_user || changes_group || has_capabilities;
}

template <class Header>
std::optional<Header> read_header(const Fd& fd, off_t offset) {
  std::array<char, sizeof(Header)> bytes{};
  const auto got = read_block_at(fd.get(), bytes, offset);
  if (!got || *got != bytes.size()) return std::nullopt;
  return std::bit_cast<Header>(bytes);
}

/// Returns true if the executable names a dynamic linker. If it names none, it is linked statically.
bool names_linker(const Fd& fd, const Elf64_Ehdr& elf) {
  for (int i = 0; i < elf.e_phnum; ++i) {
    const auto at = static_cast<off_t>(elf.e_phoff) + i * static_cast<off_t>(sizeof(Elf64_Phdr));
    const auto header = read_header<Elf64_Phdr>(fd, at);
    if (!header) return true;  // unknown, because the file cannot be read that far
    if (header->p_type == PT_INTERP) return true;
  }
  return false;
}

Elf64_Half own_machine() {
  const auto fd = open_for_reading("/proc/self/exe");
  const auto elf = fd ? read_header<Elf64_Ehdr>(*fd, 0) : std::nullopt;
  return elf ? elf->e_machine : Elf64_Half{EM_NONE};
}

Obstacle obstacle_in_headers(const std::string& path) {
  const auto fd = open_for_reading(path);
  if (!fd) return Obstacle::none;
  const auto elf = read_header<Elf64_Ehdr>(*fd, 0);
  if (!elf || std::string_view(reinterpret_cast<const char*>(elf->e_ident), SELFMAG) != ELFMAG) {
    return Obstacle::none;
  }
  if (elf->e_ident[EI_CLASS] == ELFCLASS32) return Obstacle::narrow;
  if (elf->e_machine != own_machine()) return Obstacle::foreign;
  return names_linker(*fd, *elf) ? Obstacle::none : Obstacle::linked_statically;
}

}  // namespace

bool is_python(const std::string& path) {
  const auto name = name_in(path);
  return (name.starts_with("python") || name.starts_with("pypy")) && !name.ends_with(".py");
}

Obstacle obstacle_of_program(const std::string& path) {
  if (is_linker(name_in(path))) return Obstacle::none;  // it was called to start another program
  const auto in_headers = obstacle_in_headers(path);
  if (in_headers != Obstacle::none) return in_headers;
  return is_privileged(path) ? Obstacle::privileged : Obstacle::none;
}

Obstacle obstacle_of(const std::string& path) {
  const auto name = name_in(path);
  if (name.starts_with("pypy")) return Obstacle::pypy;
  return is_too_old(name) ? Obstacle::too_old : obstacle_of_program(path);
}

}  // namespace mprofpp::python
