#include "mprofpp/symbols/table.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "mprofpp/base/file.hpp"
#include "mprofpp/symbols/readable.hpp"

namespace mprofpp::symbols {
namespace {

// a file that claims more is not worth the memory (the largest browsers have two million)
constexpr std::uint64_t most_symbols = 4'000'000;
constexpr std::size_t most_known_names = 20'000;

/// Passes on every symbol, block by block, as far as the file goes.
template <class Visit>
void for_each_symbol(int fd, const Extent& symbols, Visit visit) {
  std::vector<Elf64_Sym> block(4096);
  const auto end = symbols.offset + symbols.size;
  for (auto at = symbols.offset; at < end;) {
    const auto wanted = std::min<std::uint64_t>(block.size(), (end - at) / sizeof(Elf64_Sym));
    const auto bytes = std::span(reinterpret_cast<char*>(block.data()), wanted * sizeof(Elf64_Sym));
    const auto read = read_block_at(fd, bytes, static_cast<off_t>(at));
    if (!read || *read < sizeof(Elf64_Sym)) return;
    const auto count = *read / sizeof(Elf64_Sym);
    std::for_each_n(block.begin(), count, visit);
    at += count * sizeof(Elf64_Sym);
  }
}

bool is_function(const Elf64_Sym& symbol) {
  const auto type = ELF64_ST_TYPE(symbol.st_info);
  return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF &&
         symbol.st_shndx != SHN_ABS && symbol.st_name != 0;
}

std::uint32_t rank_of(const Elf64_Sym& symbol) {
  constexpr std::array<std::uint32_t, 3> of_binding = {2, 0, 1};  // STB_LOCAL, _GLOBAL, _WEAK
  const std::size_t binding = ELF64_ST_BIND(symbol.st_info);
  const auto rank = binding < of_binding.size() ? of_binding[binding] : 3;
  return symbol.st_size > 0 ? rank : rank + 4;
}

FunctionSymbol function_of(const Elf64_Sym& symbol) {
  constexpr std::uint64_t largest = (1u << 29) - 1;
  FunctionSymbol function{};
  function.address = symbol.st_value;
  function.size = std::min(symbol.st_size, largest) & largest;
  function.rank = rank_of(symbol) & 7;
  function.name = symbol.st_name;
  return function;
}

std::uint64_t count_of(const SymbolSection& section) {
  return section.symbols.size / sizeof(Elf64_Sym);
}

constexpr int digit_bits = 11;

/// Sorts by the lowest bits of what `digit` returns; equal ones stay in their order.
template <class Digit>
void sort_by(Digit digit, std::vector<FunctionSymbol>& functions,
             std::vector<FunctionSymbol>& room) {
  constexpr std::size_t digits = std::size_t{1} << digit_bits;
  std::array<std::size_t, digits + 1> begins{};
  for (const auto& function : functions) ++begins[digit(function) % digits + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (const auto& function : functions) room[begins[digit(function) % digits]++] = function;
  functions.swap(room);
}

}  // namespace

void sort(std::vector<FunctionSymbol>& functions) {
  std::vector<FunctionSymbol> sorted(functions.size());
  sort_by([](const FunctionSymbol& function) { return function.rank; }, functions, sorted);
  std::uint64_t bits = 0;
  for (const auto& function : functions) bits |= function.address;
  for (int shift = 0; shift < 64 && bits >> shift != 0; shift += digit_bits) {
    const auto digit = [&](const FunctionSymbol& function) { return function.address >> shift; };
    sort_by(digit, functions, sorted);
  }
}

Table Table::load(const std::string& path, const std::string& debug_root, Effort effort) {
  Table table;
  auto file = open_elf(path);
  if (!file) return table;
  DebugSearch debug;
  if (!file->all) debug = find_debug_file(*file, path, debug_root, effort);
  auto& source = debug.found ? *debug.found : *file;
  const auto& section = source.all ? source.all : source.dynamic;
  const auto most = effort == Effort::unlimited ? most_symbols : most_symbols_between_samples;
  table.is_postponed_ = effort != Effort::unlimited &&
                        (debug.was_too_expensive || (section && count_of(*section) > most));
  if (section && count_of(*section) <= most && !table.is_postponed_) {
    const auto where = *section;
    table.read(std::move(source), where);
  }
  return table;
}

void Table::read(ElfFile file, const SymbolSection& section) {
  for_each_symbol(file.fd.get(), section.symbols, [&](const Elf64_Sym& symbol) {
    if (is_function(symbol)) functions_.push_back(function_of(symbol));
  });
  sort(functions_);
  const auto same = [](const FunctionSymbol& a, const FunctionSymbol& b) {
    return a.address == b.address;
  };
  functions_.erase(std::unique(functions_.begin(), functions_.end(), same), functions_.end());
  functions_.shrink_to_fit();
  names_ = section.names;
  fd_ = std::move(file.fd);
}

/// Returns the last function that starts at or before the address and covers it. A function
/// without a size reaches to the next one, if that is not too far. A few steps back are made for a
/// function inside another.
const FunctionSymbol* Table::find(std::uint64_t address) const {
  constexpr int most_steps = 8;
  constexpr std::uint64_t longest_unsized = 64 * 1024;
  auto next = std::upper_bound(functions_.begin(), functions_.end(), address,
                               [](std::uint64_t wanted, const FunctionSymbol& function) {
                                 return wanted < function.address;
                               });
  for (int step = 0; step < most_steps && next != functions_.begin(); ++step) {
    const FunctionSymbol& function = *--next;
    const std::uint64_t size = function.size > 0 || step > 0 ? function.size : longest_unsized;
    if (address - function.address < size) return &function;
  }
  return nullptr;
}

std::optional<std::string> Table::name_at(std::uint64_t address) {
  const auto* const function = find(address);
  if (function == nullptr) return std::nullopt;
  if (const auto known = known_.find(function->name); known != known_.end()) return known->second;
  auto name = read_name(function->name);
  if (!name) return std::nullopt;
  if (known_.size() == most_known_names) known_.clear();
  return known_.emplace(function->name, readable(*name)).first->second;
}

std::optional<std::string> Table::read_name(std::uint32_t at) const {
  std::array<char, 4096> buffer;  // no demangler reads longer names
  if (at >= names_.size) return std::nullopt;
  const auto room = std::min<std::uint64_t>(buffer.size(), names_.size - at);
  const auto read = read_block_at(fd_.get(), std::span(buffer.data(), room),
                                  static_cast<off_t>(names_.offset + at));
  if (!read) return std::nullopt;
  const std::string_view bytes(buffer.data(), *read);
  const auto name = bytes.substr(0, bytes.find('\0'));
  if (name.empty()) return std::nullopt;
  return std::string(name);
}

}  // namespace mprofpp::symbols
