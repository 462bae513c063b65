#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/wire/line_table.hpp"

namespace mprofpp::ring {

/// Identifies a program that counts lines; see wire::LineTableHeader.
struct LineTableIdentity {
  std::uint32_t pid = 0;
  std::uint64_t start = 0;
  std::uint64_t begun = 0;

  friend auto operator<=>(const LineTableIdentity&, const LineTableIdentity&) = default;
};

/// The part of the header that changes.
struct LineTableState {
  std::uint64_t used = 0;   ///< bytes
  Bytes allocated;          ///< the memory that the table uses in its process
  Bytes highest;            ///< the largest VmHWM before a reset; 0 if there was none
  std::uint32_t facts = 0;  ///< bits such as wire::peaks_refused
};

/// The numbers of a line; see wire::LineEntry.
struct LineNumbers {
  std::uint64_t count = 0;
  std::int64_t added = 0;
  std::uint64_t most = 0;
  std::uint64_t peak = 0;
  std::uint64_t elapsed = 0;

  friend bool operator==(const LineNumbers&, const LineNumbers&) = default;
};

/// Identifies a function. The files of two programs of a process may have the same function.
struct FunctionKey {
  std::string name;
  std::string file;
  std::uint32_t first_line = 0;

  friend auto operator<=>(const FunctionKey&, const FunctionKey&) = default;
};

/// The numbers of a function's calls; see wire::FunctionBlock.
struct CallNumbers {
  std::int32_t precision = -1;
  std::uint64_t calls = 0;
  std::uint64_t ended = 0;
  std::uint64_t shared = 0;
  std::uint64_t interleaved = 0;
  std::uint64_t first_entry = 0;
  std::uint64_t most_entry = 0;

  friend bool operator==(const CallNumbers&, const CallNumbers&) = default;
};

/// A function with those of its lines that have been executed.
struct CountedFunction {
  FunctionKey key;
  CallNumbers calls;
  std::map<std::uint32_t, LineNumbers> lines;
};

/// Adds the numbers of the same function in a later program, or of other code with the same name and place.
void add(const CountedFunction& later, CountedFunction& sum);

/// The blocks of a table. Functions with the same key are one.
struct LineTableContent {
  std::vector<CountedFunction> functions;
  std::vector<std::string> other_names;  ///< see wire::NameBlock
};

// Pure functions, which accept any bytes: another process writes them.

/// Errors: malformed if it is not the header of a line table; unsupported if another build of mprofpp writes
/// it.
Result<LineTableIdentity> parse_table_identity(std::span<const char> header);
/// `header` must have at least the size of a wire::LineTableHeader.
LineTableState parse_table_state(std::span<const char> header);
/// Reads the blocks, which follow the header, up to the first impossible one. A number that cannot be right
/// becomes 0.
LineTableContent parse_table_blocks(std::span<const char> blocks);

/// The file in which a process counts lines. The process may write anything into it and truncate it at any
/// time. It is therefore never mapped, only accessed by pread.
class LineTable {
 public:
  /// Errors: not_found, denied, io; malformed if it is not a line table; unsupported if it is one of another
  /// build of mprofpp.
  static Result<LineTable> open(std::string path);

  const LineTableIdentity& identity() const { return identity_; }
  /// Errors: the same as those of open().
  Result<LineTableState> read_state() const;
  /// Reads all that was complete at some time of the call. Errors: the same as those of open().
  Result<LineTableContent> read_content() const;
  /// Removes the file. Call it when its process is gone.
  void remove();

 private:
  LineTable(std::string path, Fd fd, const LineTableIdentity& identity)
      : path_(std::move(path)), fd_(std::move(fd)), identity_(identity) {}

  std::string path_;
  Fd fd_;  ///< empty if descriptors are scarce; then each reading opens the file
  LineTableIdentity identity_;
};

}  // namespace mprofpp::ring
