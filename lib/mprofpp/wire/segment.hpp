#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

/// The writing end, for the agent: no exceptions, no allocation, nothing of the C++ runtime, and
/// nothing that is not safe in a signal handler.
namespace mprofpp::wire {

/// Whose ring it is.
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
  /// Makes the file number `number` with that many slots and maps it. False, with errno, when there
  /// is no room for it or no permission; nothing is left behind then.
  bool create(const Identity& identity, std::uint32_t number, std::uint32_t slots);
  /// Unmaps it; the file stays. Nobody may be writing.
  void forget();

  /// Makes room behind the slots for the tally of that number and maps it. Null, with errno, when
  /// there is none. Only of the first segment, and each number only once; forget_tally() unmaps it.
  Tally* add_tally(const Identity& identity, std::uint32_t number);
  static void forget_tally(Tally* tally);

  std::uint32_t slot_count() const { return slots_; }
  bool is_open() const { return heading_ != nullptr; }
  std::size_t size() const { return slots_at + sizeof(Slot) * slots_; }
  Heading& heading() const { return *heading_; }
  const AnswerTable& answer_table() const;

  /// What became of a request for slots.
  struct Place {
    enum class Answer { given, full, closed };
    Answer answer;
    std::uint64_t first = 0;
    bool rings_bell = false;  ///< the ring has become half full
  };
  /// `spare`: so many slots are to stay free.
  Place reserve(std::uint32_t count, std::uint32_t spare);
  /// Puts a record into a slot that was given out and commits it.
  template <Record R>
  void put(std::uint64_t at, const R& record) {
    auto& slot = slots()[at & (slots_ - 1)];
    __builtin_memcpy(slot.record, &record, sizeof record);
    slot.sequence.store(at + 1, std::memory_order_release);
  }
  /// No further slot is given out.
  void close() { heading_->reserved.fetch_or(closed_bit, std::memory_order_relaxed); }
  void count_dropped(std::uint64_t records) {
    heading_->dropped.fetch_add(records, std::memory_order_relaxed);
  }

 private:
  Slot* slots() const;

  Heading* heading_ = nullptr;
  std::uint32_t slots_ = 0;
};

}  // namespace mprofpp::wire
