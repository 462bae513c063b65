#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/symbols/table.hpp"

namespace mprofpp::symbols {

/// What is known of a mapped file of code.
struct MappedFile {
  std::string path;
  std::uint64_t bias = 0;   ///< address in memory minus address in the file's symbol table
  std::uint64_t begin = 0;  ///< of the mapped code, in memory
  std::uint64_t end = 0;
};

/// A name that was not known in time.
struct LateName {
  std::string address;  ///< what name_of answered: `libx.so+0x1a2b`
  std::string name;
};

/// The tables of all files of code that a recording meets, each read once however many processes
/// map it. Memory is bounded: beyond some hundred files or a few million functions the others are
/// postponed or stay without names.
class Tables {
 public:
  /// With Effort::unlimited names are known at once, whatever that does to the next sample: for
  /// those who must have them to select.
  explicit Tables(Effort effort = Effort::between_samples,
                  std::string debug_root = "/usr/lib/debug");

  /// The table of what the path is now; it lives as long as this. None if there is no such file, or
  /// there are too many.
  Table* table_of(const std::string& path);

  /// Remembers an address, as the file numbers it, that a postponed table could not name.
  void postpone(const std::string& path, std::uint64_t address);

  /// Names, now that there is time, what could not be named before. Ask once, at the end.
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

/// Names addresses of one process.
class Naming {
 public:
  /// `tables` must outlive it.
  explicit Naming(Tables& tables) : tables_(&tables) {}

  /// What lay there before is there no more.
  void add(MappedFile file);

  /// `app::Loader::load`: demangled, without parameters and return type; `libx.so+0x1a2b` for an
  /// address without a name, `0x7f12345678` for one in no known file.
  std::string name_of(std::uint64_t address);

 private:
  struct Known {
    MappedFile file;
    Table* table = nullptr;  // once it was needed: the file itself may vanish
  };

  std::string name_in(Known& known, std::uint64_t address);

  Tables* tables_;
  std::map<std::uint64_t, Known> files_;  // by begin
};

}  // namespace mprofpp::symbols
