#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

/// The file in which a process counts what the lines of its Python functions add to its memory. The
/// process maps the file and updates the numbers in place, so that they are there however it ends. The
/// recorder only uses pread. The file has a header, and after it blocks, each of which begins with a
/// BlockHeader and is complete once LineTableHeader::used covers it. All sizes are in bytes.
namespace mprofpp::wire {

inline constexpr std::uint32_t line_table_magic = 0x6c70726d;  // "mrpl"

/// Facts about all tables of a process: bits of LineTableHeader::facts.
inline constexpr std::uint32_t peaks_refused = 1;  ///< the kernel's high-water mark cannot be reset
inline constexpr std::uint32_t tables_full = 2;    ///< there was no room for some lines

struct LineTableHeader {
  std::uint32_t magic;
  std::uint32_t stamp;  ///< as in RingHeader
  std::uint32_t pid;    ///< in its own pid namespace
  std::uint32_t unused;
  std::uint64_t start;  ///< clock ticks since boot; with the pid, the process's identity
  std::uint64_t begun;  ///< CLOCK_MONOTONIC, nanoseconds: when the table was made
  std::atomic<std::uint64_t> used;       ///< size of the header and all complete blocks
  std::atomic<std::uint64_t> allocated;  ///< size of the file, all of which is the process's memory
  /// The largest VmHWM that the process has read before it reset that mark; 0 if it never reset it.
  std::atomic<std::uint64_t> highest;
  std::atomic<std::uint32_t> facts;
  std::uint32_t unused_too;
};

enum class BlockKind : std::uint32_t { function = 1, lines = 2, name = 3 };

struct BlockHeader {
  BlockKind kind;
  std::uint32_t size;  ///< of the block with this header; a multiple of 8
};

/// A function whose lines are counted. Its name (module.qualname) and the name of its file follow, without
/// zero bytes.
struct FunctionBlock {
  BlockHeader header;
  std::uint32_t number;      ///< by which LinesBlock refers to it; counted from 0
  std::uint32_t first_line;  ///< of the source, that of the first decorator if there is one
  std::int32_t precision;    ///< decimals that the decorator asked for; -1 if it did not
  std::uint32_t name_length;
  std::uint32_t file_length;
  std::uint32_t unused;
  std::atomic<std::uint64_t> calls;  ///< calls that have started
  std::atomic<std::uint64_t> ended;  ///< calls that have returned or were left by an exception
  /// Calls during which other Python threads existed: what those allocated may be among the numbers.
  std::atomic<std::uint64_t> shared;
  /// Calls during which other greenlets of the same thread took turns with it.
  std::atomic<std::uint64_t> interleaved;
  std::atomic<std::uint64_t> first_entry;  ///< memory at the start of the first call
  std::atomic<std::uint64_t> most_entry;   ///< the largest memory at the start of a call
};

/// The growth during the executions of one line.
struct LineEntry {
  std::atomic<std::uint64_t> count;  ///< executions that have started
  std::atomic<std::int64_t> added;   ///< sum of the growth during the executions
  std::atomic<std::uint64_t> most;   ///< the largest memory after an execution; 0 if none has ended
  std::atomic<std::uint64_t> peak;   ///< the largest memory during an execution; 0 if not known
  std::atomic<std::uint64_t> elapsed;  ///< nanoseconds, calls of other functions included
};

inline constexpr std::uint32_t lines_per_block = 32;

/// Consecutive lines of a function, or of functions that are defined in it. The first row of a table, for
/// the function's own start, is made from FunctionBlock.
struct LinesBlock {
  BlockHeader header;
  std::uint32_t function;    ///< FunctionBlock::number
  std::uint32_t first_line;  ///< of `lines`
  LineEntry lines[lines_per_block];
};

/// The name of a function that has run and does not match the patterns, without a zero byte. The recorder
/// suggests it if a pattern matches nothing. Only the first functions are listed.
struct NameBlock {
  BlockHeader header;
  std::uint32_t length;
  std::uint32_t unused;
};

static_assert(sizeof(LineTableHeader) == 64 && sizeof(FunctionBlock) == 80);
static_assert(sizeof(LinesBlock) == 16 + 40 * lines_per_block && sizeof(NameBlock) == 16);

}  // namespace mprofpp::wire
