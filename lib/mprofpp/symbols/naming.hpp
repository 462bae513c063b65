#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/symbols/table.hpp"

namespace mprofpp::symbols {

/// A file of code that is mapped into a process.
struct MappedFile {
  std::string path;
  std::uint64_t bias = 0;   ///< address in memory minus address in the file's symbol table
  std::uint64_t begin = 0;  ///< start of the mapped code, in memory
  std::uint64_t end = 0;
};

/// A name that was found only after its address had been recorded.
struct LateName {
  std::string address;  ///< the text that name_of returned: `libx.so+0x1a2b`
  std::string name;
};

/// The tables of all files of code in a recording. Each file is read once, however many processes
/// map it. Memory is bounded: beyond some hundred files or a few million functions, the other
/// files stay without names.
class Tables {
 public:
  /// With Effort::unlimited, names are known at once, even if that delays the next sample. This is
  /// for callers that select functions by name.
  explicit Tables(Effort effort = Effort::between_samples,
                  std::string debug_root = "/usr/lib/debug");

  /// Returns the table of the file that is at `path` now; it lives as long as this object. Null if
  /// there is no such file or there are too many.
  Table* table_of(const std::string& path);

  /// Remembers an address, in the numbering of the file, that a postponed table could not name.
  void postpone(const std::string& path, std::uint64_t address);

  /// Finds the names of all postponed addresses. This takes time, so call it once, at the end.
  std::vector<LateName> late_names();

 private:
  using Key = std::pair<std::string, FileIdentity>;

  Table* add(Key key);

  Effort effort_;
  std::string debug_root_;
  std::map<Key, Table> tables_;
  std::size_t functions_ = 0;                                    // in all tables
  std::map<std::string, std::vector<std::uint64_t>> postponed_;  // addresses by path
  std::size_t postponed_addresses_ = 0;
};

/// Names the addresses of one process.
class Naming {
 public:
  /// `tables` must outlive it.
  explicit Naming(Tables& tables) : tables_(&tables) {}

  /// Adds a mapped file, which replaces the files that were mapped there before.
  void add(MappedFile file);

  /// Returns the name of an address: `app::Loader::load`, demangled, without parameters and return
  /// type; `libx.so+0x1a2b` if it has no name, `0x7f12345678` if it is in no known file.
  std::string name_of(std::uint64_t address);

 private:
  struct KnownFile {
    MappedFile file;
    // Set when it is first needed, because the file itself may vanish later.
    Table* table = nullptr;
  };

  std::string name_in(KnownFile& known, std::uint64_t address);

  Tables* tables_;
  std::map<std::uint64_t, KnownFile> files_;  // by begin
};

}  // namespace mprofpp::symbols
