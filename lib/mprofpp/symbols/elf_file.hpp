#pragma once

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <optional>
#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::symbols {

/// A range of bytes inside a file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// The position of the symbols in a file, and that of the text of their names.
struct SymbolSection {
  Extent symbols;
  Extent names;
};

/// The content of .gnu_debuglink: name and checksum of the file that has the symbols.
struct DebugLink {
  std::string name;
  std::uint32_t checksum = 0;
};

/// Distinguishes one content of a file from another.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t seconds = 0;  ///< time of the last change of its content
  std::int64_t nanoseconds = 0;
  std::uint64_t size = 0;

  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

/// Identifies a regular file. Errors: those of stat(2); malformed for any other kind of file.
Result<FileIdentity> identify(const std::string& path);

/// The parts of a program or shared library for this machine that the names of functions need.
struct ElfFile {
  Fd fd;
  FileIdentity identity;
  std::optional<SymbolSection> all;      ///< .symtab: every function, absent in a stripped file
  std::optional<SymbolSection> dynamic;  ///< .dynsym: functions that other files may call
  std::string build_id;                  ///< bytes; empty if it has none
  std::optional<DebugLink> debug_link;
};

/// Reads the tables of contents, not the symbols. The file may contain anything: parts that are
/// invalid are skipped or make the file malformed, and the result does not grow with the file.
Result<ElfFile> open_elf(const std::string& path);

}  // namespace mprofpp::symbols
