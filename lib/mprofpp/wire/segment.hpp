#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

/// The writing end, for the agent: no exceptions, no allocation, nothing from the C++ runtime, and
/// nothing that is unsafe in a signal handler.
namespace mprofpp::wire {

/// Identifies the process that a ring belongs to.
struct Identity {
  const char* folder;  ///< of the run
  std::uint32_t pid;
  std::uint32_t writer;
  std::uint64_t start;
  std::uint64_t begun;
};

/// One mapped ring file. Any number of threads may write.
class Segment {
 public:
  /// Creates the file number `number` with that many slots and maps it. Returns false, with errno,
  /// if there is no room for it or no permission, and then leaves nothing behind.
  bool create(const Identity& identity, std::uint32_t number, std::uint32_t slots);
  /// Unmaps it; the file stays. No thread may be writing.
  void forget();

  /// Adds room for that tally after the slots and maps it. Returns null, with errno, if there is no
  /// room. Only for the first segment, and only once for each number; forget_tally() unmaps it.
  Tally* add_tally(const Identity& identity, std::uint32_t number);
  static void forget_tally(Tally* tally);

  std::uint32_t slot_count() const { return slots_; }
  bool is_open() const { return header_ != nullptr; }
  std::size_t size() const { return size_of_segment(slots_); }
  RingHeader& header() const { return *header_; }
  const FunctionFilter& filter() const;

  /// The result of a request for slots.
  struct Reservation {
    enum class Result { given, full, closed };
    Result result;
    std::uint64_t first = 0;
    bool rings_bell = false;  ///< the ring has just become half full
  };
  /// Reserves `count` slots if at least `spare` more remain free.
  Reservation reserve(std::uint32_t count, std::uint32_t spare);
  /// Writes a record into a reserved slot and commits it.
  template <Record R>
  void put(std::uint64_t at, const R& record) {
    auto& slot = slots()[at & (slots_ - 1)];
    __builtin_memcpy(slot.record, &record, sizeof record);
    slot.sequence.store(at + 1, std::memory_order_release);
  }
  /// Stops giving out slots.
  void close() { header_->reserved.fetch_or(closed_bit, std::memory_order_relaxed); }
  void count_dropped(std::uint64_t records) {
    header_->dropped.fetch_add(records, std::memory_order_relaxed);
  }

 private:
  Slot* slots() const;

  RingHeader* header_ = nullptr;
  std::uint32_t slots_ = 0;
};

}  // namespace mprofpp::wire
