#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/symbols/debug_file.hpp"
#include "mprofpp/symbols/elf_file.hpp"

namespace mprofpp::symbols {

/// A function in a symbol table.
struct FunctionSymbol {
  std::uint64_t address;
  std::uint32_t size : 29;  ///< 0 if unknown
  std::uint32_t rank : 3;   ///< how well people know this name of an address; lower is better
  std::uint32_t name;       ///< offset of its name among the names
};

/// Sorts by address, the best rank first. Takes time proportional to the number of functions:
/// comparing them would take ten times as long and delay the next sample.
void sort(std::vector<FunctionSymbol>& functions);

/// The functions of one file of code: 16 bytes each. Their names stay in the file, which is kept
/// open, and are read one by one when needed.
class Table {
 public:
  /// The number of symbols that may be read between two samples.
  static constexpr std::uint64_t most_symbols_between_samples = 200'000;

  /// Loads .symtab of the file, otherwise that of its separate debug file, otherwise .dynsym. A
  /// file that cannot be read has no functions.
  static Table load(const std::string& path, const std::string& debug_root, Effort effort);

  /// Returns the readable name of the function at an address in the file's own numbering.
  std::optional<std::string> name_at(std::uint64_t address);

  /// Returns true if there are symbols, but reading them is too much work between two samples.
  /// Then nothing has a name.
  bool is_postponed() const { return is_postponed_; }
  std::size_t count() const { return functions_.size(); }

 private:
  Table() = default;
  void read(ElfFile file, const SymbolSection& section);
  const FunctionSymbol* find(std::uint64_t address) const;
  std::optional<std::string> read_name(std::uint32_t at) const;

  Fd fd_;
  Extent names_;
  std::vector<FunctionSymbol> functions_;                 // ascending by address, each address once
  std::unordered_map<std::uint32_t, std::string> known_;  // readable names
  bool is_postponed_ = false;
};

}  // namespace mprofpp::symbols
