#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/ring/function_filter.hpp"
#include "mprofpp/ring/ring.hpp"

namespace mprofpp::ring {

/// All rings of one writer: when a ring is full, the writer continues in a larger one.
class Stream {
 public:
  /// Adds a ring of the same writer. Rings may be added in any order; a second ring of the same segment is
  /// ignored.
  void add(Ring ring);

  /// Drains all rings in the order in which they were filled (see Ring::drain). Returns how many records
  /// have arrived. A ring that cannot be read yields no more records.
  std::uint64_t drain(WriterState writer, const Ring::OnRecord& on_record);

  /// The following four work as those of Ring. Only the first ring has tallies.
  std::uint32_t tallies() const { return rings_.front() ? rings_.front()->tallies() : 0; }
  bool lacks_tally() const { return rings_.front() && rings_.front()->lacks_tally(); }
  void read_sums();
  void read_short_calls(WriterState writer, const Ring::OnShortCalls& on_calls);

  /// Returns the memory that the rings use in their process.
  Bytes size() const;
  /// Returns true if the last drain() stopped at an incomplete record.
  bool is_waiting() const;
  /// Returns true if the writer has announced that it writes no more records, as of the last drain().
  bool is_left() const;
  std::uint64_t new_losses();
  /// Adds an entry, an address with or without wire::wanted_bit, to the process's wire::FunctionFilter.
  void write_filter_entry(std::uint64_t entry);
  /// Removes the files.
  void remove();

 private:
  std::array<std::optional<Ring>, wire::most_segments> rings_;
  FunctionFilter filter_;
};

}  // namespace mprofpp::ring
