#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "mprofpp/mark/decode.hpp"
#include "mprofpp/mark/writer.hpp"

namespace mprofpp::mark {

/// What a thread has counted of its short calls since the last look, and which calls it is in and
/// has not told of.
struct ShortCalls {
  std::uint32_t thread = 0;
  std::vector<CallSum> sums;         ///< `count`, `length` and `growth` are those since then
  std::vector<wire::Event> pending;  ///< that stood there at the last look too; the innermost last
};

/// The reading end of one wire::Tally.
class Tally {
 public:
  /// Reads what was counted, for look() to tell. What the process told before must be taken in
  /// between: names of what was counted are in it. `offset`: where the tally stands in the file.
  void read_sums(int fd, std::size_t offset);
  /// Nothing when it cannot be read.
  std::optional<ShortCalls> look(int fd, std::size_t offset, Writer writer);

 private:
  struct Known {
    std::uint32_t count = 0;
    std::uint64_t length = 0;
    std::uint64_t growth = 0;
  };

  std::vector<wire::Event> still_pending(std::vector<wire::Event> pending, Writer writer);

  std::array<Known, wire::sums_in_tally> known_{};
  std::vector<CallSum> sums_;  ///< not told yet
  std::vector<wire::Event> pending_;
};

}  // namespace mprofpp::mark
