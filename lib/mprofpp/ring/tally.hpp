#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "mprofpp/ring/decode.hpp"
#include "mprofpp/ring/writer_state.hpp"

namespace mprofpp::ring {

/// The short calls that a thread has counted since the last reading, and the open calls for which it has
/// written no record.
struct ShortCalls {
  std::uint32_t thread = 0;
  /// Their `count`, `length` and `growth` are differences to the last reading.
  std::vector<CallSum> sums;
  /// Only calls that were pending at the last reading too; the innermost last.
  std::vector<wire::Event> pending;
};

/// The reading end of one wire::Tally.
class Tally {
 public:
  /// Reads the sums for the next read_short_calls(). Records that the process has written before must be
  /// drained in between, because they contain the names of the counted functions. `offset` is the tally's
  /// position in the file.
  void read_sums(int fd, std::size_t offset);
  /// Returns the sums of the last read_sums() and the pending calls; nothing if the tally cannot be read.
  std::optional<ShortCalls> read_short_calls(int fd, std::size_t offset, WriterState writer);

 private:
  struct Totals {
    std::uint32_t count = 0;
    std::uint64_t length = 0;
    std::uint64_t growth = 0;
  };

  std::vector<wire::Event> still_pending(std::vector<wire::Event> pending, WriterState writer);

  std::array<Totals, wire::sums_in_tally> totals_{};  ///< of each sum, as of the last reading
  std::vector<CallSum> sums_;  ///< sums that read_short_calls() has not returned yet
  std::vector<wire::Event> pending_;
};

}  // namespace mprofpp::ring
