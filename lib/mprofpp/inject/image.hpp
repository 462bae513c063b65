#pragma once

#include <optional>
#include <string_view>

#include "mprofpp/inject/memory.hpp"

namespace mprofpp::inject {

/// A function or variable that a program or library exports.
struct Export {
  Address address = 0;
  std::uint64_t size = 0;  ///< 0 if unknown

  bool covers(Address at) const { return at >= address && at - address < size; }
};

/// A program or library that is mapped into a process, and what it exports. The dynamic linker's tables are
/// read where they are mapped and not from the file: the file may have been replaced since, may be in
/// another mount namespace, or may be a trap. The memory may contain anything: every loop is bounded.
class Image {
 public:
  /// Reads the headers. `memory` must outlive the result. Returns nothing if `start` is not the start of
  /// an ELF file for this machine with a table of dynamic symbols.
  static std::optional<Image> at(const Memory& memory, Address start);

  /// Returns nothing if it exports no such name, or only one that must be called to get the address (IFUNC).
  std::optional<Export> find(std::string_view name) const;

 private:
  explicit Image(const Memory& memory) : memory_(&memory) {}
  bool read_dynamic(Address at, std::uint64_t size, Address start);
  std::optional<Export> find_by_gnu_hash(std::string_view name) const;
  std::optional<Export> find_by_hash(std::string_view name) const;
  std::optional<Export> export_at(std::uint64_t index, std::string_view name) const;

  const Memory* memory_;
  Address bias_ = 0;
  Address symbols_ = 0;
  Address names_ = 0;
  Address gnu_hash_ = 0;
  Address hash_ = 0;
};

}  // namespace mprofpp::inject
