#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/segment.hpp"

namespace mprofpp::wire {

/// A text of that length.
struct Span {
  const char* bytes;
  std::size_t length;
};

/// Hands records to the recorder: in one ring, and when the recorder cannot keep up in ever larger
/// ones. What still finds no room is dropped and counted; a writer never waits for the recorder.
/// An eighth of each ring is kept for the ends of calls, so that those whose begin was told are
/// told of whole, and for names, which are few and stand for many calls. Any number of threads may
/// write, signal handlers too.
class Writer {
 public:
  /// Texts are cut off there.
  static constexpr std::size_t longest_text = 1000;

  /// Makes the first ring, with that many slots. False, with errno, when that is not possible.
  bool begin(const Identity& identity, std::uint32_t slots = first_slots);
  bool is_open() const { return segments_[0].is_open(); }
  /// After a fork the rings are the parent's: lets go of them. Nobody else may be writing.
  void forget();
  /// The calling thread will never end what it has begun to make.
  void abandon();
  /// From now on no system call is made: a sandbox might punish it.
  void stay_quiet() { is_quiet_.store(true, std::memory_order_relaxed); }

  template <Record R>
  bool write(const R& record) {
    const Given given = reserve(1, record.kind == Kind::leave ? Use::kept_room : Use::other);
    if (given.segment == nullptr) return false;
    given.segment->put(given.first, record);
    finish(given);
    return true;
  }
  /// The text as Text records with that id, whole or not at all.
  bool write_text(std::uint64_t id, Span text);

  /// One more record that there was no use in writing.
  void count_dropped() { segments_[current_.load(std::memory_order_relaxed)].count_dropped(1); }

  /// A tally for a thread that tells of very many calls; null when there is no room for another.
  /// What its sums hold is the recorder's and stays.
  Tally* begin_tally(std::uint32_t thread);
  /// The thread ends; it has no pending calls any more.
  static void end_tally(Tally& tally);

  /// What the recorder is told of the writer: see Heading::state.
  void set_state(State state);
  /// Bytes of memory that rings and tallies take, all of them resident.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  const AnswerTable& answer_table() const { return segments_[0].answer_table(); }
  /// How many there are in that table; they are never taken out.
  std::uint32_t answers() const {
    return segments_[0].heading().answers.load(std::memory_order_acquire);
  }
  std::uint32_t pid() const { return identity_.pid; }

 private:
  struct Given {
    Segment* segment;  ///< none: there is no room
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
  std::atomic<const void*> grower_ = nullptr;  ///< the thread that makes the next segment
  std::atomic<bool> cannot_grow_ = false;
  std::atomic<bool> is_quiet_ = false;
};

}  // namespace mprofpp::wire
