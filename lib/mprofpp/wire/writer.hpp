#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/segment.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::wire {

/// Passes records to the recorder in one ring and, if the recorder cannot keep up, in ever larger
/// ones. Records that still find no room are dropped and counted; a writer never waits for the
/// recorder. An eighth of each ring is reserved for the ends of calls, so that calls whose start
/// was recorded are recorded completely, and for names, which are few and stand for many calls. Any
/// number of threads may write, and signal handlers too.
class Writer {
 public:
  /// The length in bytes at which texts are cut off.
  static constexpr std::size_t longest_text = 1000;

  /// Creates the first ring, with that many slots. Returns false, with errno, if that is not possible.
  bool begin(const Identity& identity, std::uint32_t slots = first_slots);
  bool is_open() const { return segments_[0].is_open(); }
  /// Lets go of the rings, which belong to the parent after a fork. No other thread may be writing.
  void forget();
  /// Lets another thread create the next segment if the calling thread has begun to and will never finish.
  void abandon();
  /// Makes no more system calls: a sandbox might punish them.
  void stay_quiet() { is_quiet_.store(true, std::memory_order_relaxed); }

  template <Record R>
  bool write(const R& record) {
    const Given given = reserve(1, record.kind == Kind::leave ? Use::kept_room : Use::other);
    if (given.segment == nullptr) return false;
    given.segment->put(given.first, record);
    finish(given);
    return true;
  }
  /// Writes the text as Text records with that id, completely or not at all.
  bool write_text(std::uint64_t id, TextView text);

  /// Counts one more record as dropped, without an attempt to write it.
  void count_dropped() { segments_[current_.load(std::memory_order_relaxed)].count_dropped(1); }

  /// Returns a tally for a thread that makes very many calls; null if there is no room for another
  /// one. The sums that it already has belong to the recorder and stay.
  Tally* begin_tally(std::uint32_t thread);
  /// Gives the tally back when the thread ends. The thread has no pending calls any more.
  static void end_tally(Tally& tally);

  /// Sets the state that the recorder sees: see RingHeader::state.
  void set_state(State state);
  /// Returns the bytes of memory that rings and tallies take, all of them resident.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  const FunctionFilter& filter() const { return segments_[0].filter(); }
  /// Returns the number of entries in that filter; entries are never removed.
  std::uint32_t filter_entries() const {
    return segments_[0].header().filter_entries.load(std::memory_order_acquire);
  }
  std::uint32_t pid() const { return identity_.pid; }

 private:
  struct Given {
    Segment* segment;  ///< null if there is no room
    std::uint64_t first;
    bool rings_bell;
  };
  enum class Use { kept_room, other };
  Given reserve(std::uint32_t count, Use use);
  bool advance(std::uint32_t from);
  bool wait_for_growth(const void* grower) const;
  bool grow(std::uint32_t number);
  Tally* find_free_tally(std::uint32_t thread);
  Tally* add_tally(std::uint32_t thread);
  void finish(const Given& given) {
    if (given.rings_bell) ring_bell();
  }
  void ring_bell() const;

  Identity identity_{};
  Segment segments_[most_segments];
  std::atomic<std::uint32_t> current_ = 0;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<Tally*> tallies_[most_tallies] = {};
  std::atomic<std::uint32_t> tally_count_ = 0;
  std::atomic<const void*> grower_ = nullptr;  ///< the thread that creates the next segment
  std::atomic<bool> cannot_grow_ = false;
  std::atomic<bool> is_quiet_ = false;
};

}  // namespace mprofpp::wire
