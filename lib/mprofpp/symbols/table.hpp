#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/symbols/debug_file.hpp"
#include "mprofpp/symbols/elf_file.hpp"

namespace mprofpp::symbols {

/// A function of a symbol table.
struct Function {
  std::uint64_t address;
  std::uint32_t size : 29;  ///< 0 is unknown
  std::uint32_t rank : 3;   ///< which name of an address people know: the lower the better
  std::uint32_t name;       ///< where it begins among the names
};

/// By address, the best rank first. Takes a time proportional to their number: to compare them
/// costs ten times as much, and somebody waits for the next sample.
void sort(std::vector<Function>& functions);

/// The functions of one file of code: 16 bytes each. Their names stay in the file, which is kept
/// open, and are read one by one when asked for.
class Table {
 public:
  /// What a table may cost between two samples.
  static constexpr std::uint64_t most_symbols_between_samples = 200'000;

  /// From .symtab of the file, else of its separate debug file, else from .dynsym. A file that
  /// cannot be read has no functions.
  static Table load(const std::string& path, const std::string& debug_root, Effort effort);

  /// The readable name of the function at an address of the file's own numbering.
  std::optional<std::string> name_at(std::uint64_t address);

  /// There are symbols, but reading them is too much work between two samples: nothing has a name.
  bool is_postponed() const { return is_postponed_; }
  std::size_t count() const { return functions_.size(); }

 private:
  Table() = default;
  void read(ElfFile file, const SymbolSection& section);
  const Function* find(std::uint64_t address) const;
  std::optional<std::string> read_name(std::uint32_t at) const;

  Fd fd_;
  Extent names_;
  std::vector<Function> functions_;                       // ascending by address, each address once
  std::unordered_map<std::uint32_t, std::string> known_;  // readable names
  bool is_postponed_ = false;
};

}  // namespace mprofpp::symbols
