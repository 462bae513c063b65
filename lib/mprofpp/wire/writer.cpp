#include "mprofpp/wire/writer.hpp"

#include <errno.h>
#include <time.h>

#include "mprofpp/wire/bell.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::wire {
namespace {

constexpr std::uint32_t kept_for_ends = 8;  // one slot in eight

}  // namespace

bool Writer::begin(const Identity& identity, std::uint32_t slots) {
  identity_ = identity;
  if (!segments_[0].create(identity, 0, slots)) return false;
  size_.store(segments_[0].size(), std::memory_order_relaxed);
  current_.store(0, std::memory_order_release);
  return true;
}

void Writer::forget() {
  for (auto& tally : tallies_) {
    if (auto* mapped = tally.exchange(nullptr, std::memory_order_relaxed)) {
      Segment::forget_tally(mapped);
    }
  }
  tally_count_.store(0, std::memory_order_relaxed);
  for (auto& segment : segments_) segment.forget();
  current_.store(0, std::memory_order_relaxed);
  size_.store(0, std::memory_order_relaxed);
  grower_.store(nullptr, std::memory_order_relaxed);
  cannot_grow_.store(false, std::memory_order_relaxed);
}

Writer::Given Writer::reserve(std::uint32_t count, Use use) {
  while (true) {
    const auto number = current_.load(std::memory_order_acquire);
    auto& segment = segments_[number];
    const auto spare = use == Use::kept_room ? 0 : segment.slot_count() / kept_for_ends;
    const auto slots = segment.reserve(count, spare);
    if (slots.result == Segment::Reservation::Result::given)
      return {&segment, slots.first, slots.rings_bell};
    const bool moved_on = current_.load(std::memory_order_acquire) != number;
    if (moved_on || advance(number)) continue;
    segment.count_dropped(count);
    return {nullptr, 0, false};
  }
}

/// One thread creates the next segment; the others wait for it.
[[gnu::noinline]] bool Writer::advance(std::uint32_t from) {
  if (from + 1 == most_segments || cannot_grow_.load(std::memory_order_relaxed)) return false;
  if (is_quiet_.load(std::memory_order_relaxed)) return false;
  const void* grower = nullptr;
  const void* const self = __builtin_thread_pointer();
  if (!grower_.compare_exchange_strong(grower, self, std::memory_order_acquire)) {
    return grower != self && wait_for_growth(grower);
  }

  const int error = errno;
  const bool is_behind = current_.load(std::memory_order_relaxed) == from;
  const bool has_grown = !is_behind || grow(from + 1);
  if (!has_grown) cannot_grow_.store(true, std::memory_order_relaxed);
  grower_.store(nullptr, std::memory_order_release);
  errno = error;
  return has_grown;
}

void Writer::abandon() {
  const void* self = __builtin_thread_pointer();
  grower_.compare_exchange_strong(self, nullptr);
}

/// Waits until another thread has created the next segment, but not for ever: that thread may have
/// been stopped or killed. A signal handler that has interrupted that very thread would wait in
/// vain and does not get here.
bool Writer::wait_for_growth(const void* grower) const {
  constexpr int patience = 200;
  constexpr timespec nap{0, 500'000};  // ns
  const int error = errno;
  for (int i = 0; i < patience && grower_.load(std::memory_order_acquire) == grower; ++i) {
    uncancelled::sleep(nap);
  }
  errno = error;
  return grower_.load(std::memory_order_acquire) != grower;
}

bool Writer::grow(std::uint32_t number) {
  auto& next = segments_[number];
  if (!next.create(identity_, number, slots_of_segment(number))) return false;
  size_.fetch_add(next.size(), std::memory_order_relaxed);
  segments_[number - 1].close();
  current_.store(number, std::memory_order_release);
  return true;
}

[[gnu::noinline]] bool Writer::write_text(std::uint64_t id, TextView text) {
  const auto length = text.length < longest_text ? text.length : longest_text;
  const auto pieces = static_cast<std::uint32_t>(length / Text::room + 1);
  const Given given = reserve(pieces, Use::kept_room);
  if (given.segment == nullptr) return false;
  for (std::uint32_t i = 0; i < pieces; ++i) {
    const std::size_t from = i * Text::room;
    Text piece{};
    piece.kind = Kind::text;
    piece.id = id;
    piece.is_last = i + 1 == pieces;
    piece.length = static_cast<std::uint16_t>(piece.is_last ? length - from : Text::room);
    __builtin_memcpy(piece.bytes, text.bytes + from, piece.length);
    given.segment->put(given.first + i, piece);
  }
  finish(given);
  return true;
}

Tally* Writer::begin_tally(std::uint32_t thread) {
  if (auto* tally = find_free_tally(thread)) return tally;
  return is_quiet_.load(std::memory_order_relaxed) ? nullptr : add_tally(thread);
}

/// Finds a tally whose thread has ended and whose sums the recorder has seen since. Until then, the
/// recorder would attribute the sums to the next thread that has the tally.
Tally* Writer::find_free_tally(std::uint32_t thread) {
  for (auto& place : tallies_) {
    auto* tally = place.load(std::memory_order_acquire);
    if (tally == nullptr) return nullptr;
    if (tally->is_taken.load(std::memory_order_acquire) != 0) continue;
    if (tally->epoch.load(std::memory_order_relaxed) - tally->given_back < 2) {
      segments_[0].header().lacks_tally.store(1, std::memory_order_relaxed);
      continue;
    }
    if (tally->is_taken.exchange(1, std::memory_order_acquire) != 0) continue;
    tally->thread.store(thread, std::memory_order_relaxed);
    return tally;
  }
  return nullptr;
}

Tally* Writer::add_tally(std::uint32_t thread) {
  const int error = errno;
  const auto number = tally_count_.fetch_add(1, std::memory_order_relaxed);
  auto* tally = number < most_tallies ? segments_[0].add_tally(identity_, number) : nullptr;
  errno = error;
  if (tally == nullptr) {
    // after a failure, no further attempt is made
    tally_count_.store(most_tallies, std::memory_order_relaxed);
    return nullptr;
  }
  size_.fetch_add(sizeof(Tally), std::memory_order_relaxed);
  tally->thread.store(thread, std::memory_order_relaxed);
  tally->is_taken.store(1, std::memory_order_relaxed);
  tallies_[number].store(tally, std::memory_order_release);
  auto& count = segments_[0].header().tallies;
  auto known = count.load(std::memory_order_relaxed);
  while (known <= number && !count.compare_exchange_weak(known, number + 1)) {
  }
  return tally;
}

void Writer::end_tally(Tally& tally) {
  tally.given_back = tally.epoch.load(std::memory_order_relaxed);
  tally.is_taken.store(0, std::memory_order_release);
}

void Writer::set_state(State state) {
  for (auto& segment : segments_) {
    if (segment.is_open()) segment.header().state.store(state, std::memory_order_release);
  }
}

[[gnu::noinline]] void Writer::ring_bell() const {
  if (is_quiet_.load(std::memory_order_relaxed)) return;
  const int error = errno;
  wire::ring_bell(identity_.folder, "", 1);
  errno = error;
}

}  // namespace mprofpp::wire
