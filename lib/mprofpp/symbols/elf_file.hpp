#pragma once

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <optional>
#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::symbols {

/// Bytes of a file; they lie inside it.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Where a file keeps symbols, and the text of their names.
struct SymbolSection {
  Extent symbols;
  Extent names;
};

/// What .gnu_debuglink says: the symbols are in a file of that name and checksum.
struct DebugLink {
  std::string name;
  std::uint32_t checksum = 0;
};

/// Tells one content of a file from another.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t seconds = 0;  ///< of the last change of its content
  std::int64_t nanoseconds = 0;
  std::uint64_t size = 0;

  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

/// What is known of a regular file. Errors: as stat(2) has them; malformed for any other kind of
/// file.
Result<FileIdentity> identify(const std::string& path);

/// A program or shared library of this machine's kind, as far as names of functions need it.
struct ElfFile {
  Fd fd;
  FileIdentity identity;
  std::optional<SymbolSection> all;      ///< .symtab: every function, absent in a stripped file
  std::optional<SymbolSection> dynamic;  ///< .dynsym: what other files may call
  std::string build_id;                  ///< bytes; empty if it has none
  std::optional<DebugLink> debug_link;
};

/// Reads the tables of contents, not the symbols. The file may hold anything: what is not as it
/// must be is passed over or makes the file malformed, and what is kept does not grow with it.
Result<ElfFile> open_elf(const std::string& path);

}  // namespace mprofpp::symbols
