#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/kept_file.hpp"
#include "mprofpp/wire/line_table.hpp"
#include "mprofpp/wire/segment.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::agent {

/// The file of wire/line_table.hpp that this process maps. Blocks are added one at a time, under Python's
/// lock; the numbers in them are updated in place.
class LineFile {
 public:
  /// The size in bytes that the file cannot exceed.
  static constexpr std::size_t most_size = 16 << 20;

  constexpr LineFile() = default;

  /// Creates the file. Returns false, with errno, if there is no room for it or no permission; the
  /// attempt must not be repeated before forget().
  bool create(const wire::Identity& identity);
  bool is_open() const { return header_ != nullptr; }
  bool has_failed() const { return has_failed_; }
  /// Unmaps the file, which belongs to the parent after a fork.
  void forget();
  /// Makes no more system calls: a sandbox might punish them.
  void stay_as_it_is() { cannot_grow_ = true; }
  /// Returns true if there is no room for another function. Then the file notes that functions are missing,
  /// and so will that of a forked child.
  bool leaves_out();

  // These require is_open() and return null (false) if there is no room; then the file says so.
  wire::FunctionBlock* add_function(wire::TextView name, wire::TextView file,
                                    std::uint32_t first_line, std::int32_t precision);
  wire::LinesBlock* add_lines(std::uint32_t function, std::uint32_t first_line);
  bool add_name(wire::TextView name);

  /// Adds a fact of wire/line_table.hpp; requires is_open().
  void add_fact(std::uint32_t fact);
  /// Notes a VmHWM, in bytes, that the kernel is about to forget; requires is_open().
  void note_highest(std::uint64_t bytes);
  /// Returns the largest of those; 0 if there is none.
  std::uint64_t highest() const;

  /// Counts memory that the agent maps to keep track of lines.
  void add_memory(std::size_t bytes) { other_memory_ += bytes; }
  /// Returns the bytes of this process's memory that the file and that other memory take.
  std::size_t memory() const;

 private:
  void* begin_block(wire::BlockKind kind, std::size_t size);
  void end_block(const void* block);
  bool grow(std::size_t wanted);
  int descriptor();

  wire::LineTableHeader* header_ = nullptr;
  wire::Identity identity_{};
  std::size_t other_memory_ = 0;
  std::uint32_t functions_ = 0;
  bool has_failed_ = false;
  bool cannot_grow_ = false;
  bool is_full_ = false;
  bool has_left_out_ = false;  ///< functions, in this process or in one that has forked it
  KeptFile file_;              ///< so that it can grow when the program may no longer open it
};

}  // namespace mprofpp::agent
