#pragma once

#include <cstddef>
#include <cstdint>

#include "core/line_file.hpp"

namespace mprofpp::agent {

/// A function whose lines are counted, and its part of the file. There is one for each function of the
/// source, which lives as long as the process. Requires Python's lock.
class LineCounts {
 public:
  /// Returns the object of a function, the same one for equal functions; null if there is no memory, or
  /// no room for another function in the file.
  static LineCounts* of(wire::TextView name, wire::TextView file, std::uint32_t first_line,
                        std::int32_t precision);

  /// Returns a number that no other function has; it is not zero.
  std::uint32_t number() const { return number_; }
  /// Makes sure that the function is in the current file of this process. Must be called before the
  /// functions below when `generation`, that of Process, has changed.
  void prepare(std::uint32_t generation) {
    if (generation_ != generation) begin(generation);
  }
  /// Returns the numbers of the function; null if there was no room for them.
  wire::FunctionBlock* function() { return function_; }
  /// Returns the numbers of a line; null if there is no room for them.
  wire::LineEntry* entry(std::uint32_t line) {
    const auto i = (line - first_line_) / wire::lines_per_block;
    auto* const block = i < count_ && blocks_[i] != nullptr ? blocks_[i] : add_block(line);
    return block == nullptr ? nullptr : &block->lines[line - block->first_line];
  }

 private:
  static LineCounts* make(wire::TextView name, wire::TextView file, std::uint32_t first_line,
                          std::int32_t precision);
  void begin(std::uint32_t generation);
  wire::LinesBlock* add_block(std::uint32_t line);
  bool make_room(std::size_t count);
  bool is_of(wire::TextView name, wire::TextView file, std::uint32_t first_line) const;

  LineCounts* next_;  ///< of those with the same hash
  char* texts_;       ///< the name and the name of the file
  std::size_t name_length_;
  std::size_t file_length_;
  std::uint32_t number_;
  std::uint32_t first_line_;
  std::int32_t precision_;
  std::uint32_t generation_;
  wire::FunctionBlock* function_;
  wire::LinesBlock** blocks_;  ///< by line; some may be null
  std::size_t count_;
};

}  // namespace mprofpp::agent
