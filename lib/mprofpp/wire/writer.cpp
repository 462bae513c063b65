#include "mprofpp/wire/writer.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"

namespace mprofpp::wire {
namespace {

constexpr std::uint32_t kept_for_ends = 8;  // one slot in so many

}  // namespace

bool Writer::begin(const Identity& identity, std::uint32_t slots) {
  identity_ = identity;
  if (!segments_[0].create(identity, 0, slots)) return false;
  size_.store(segments_[0].size(), std::memory_order_relaxed);
  current_.store(0, std::memory_order_release);
  return true;
}

void Writer::forget() {
  for (auto& segment : segments_) segment.forget();
  current_.store(0, std::memory_order_relaxed);
  size_.store(0, std::memory_order_relaxed);
  is_growing_.store(false, std::memory_order_relaxed);
  cannot_grow_.store(false, std::memory_order_relaxed);
}

Writer::Given Writer::reserve(std::uint32_t count, Use use) {
  while (true) {
    const auto number = current_.load(std::memory_order_acquire);
    auto& segment = segments_[number];
    const auto spare = use == Use::end ? 0 : segment.slot_count() / kept_for_ends;
    const auto place = segment.reserve(count, spare);
    if (place.answer == Segment::Place::Answer::given)
      return {&segment, place.first, place.rings_bell};
    const bool moved_on = current_.load(std::memory_order_acquire) != number;
    if (moved_on || advance(number)) continue;
    segment.count_dropped(count);
    return {nullptr, 0, false};
  }
}

/// One thread makes the next segment, the others wait a little. Not for ever: a signal handler may
/// have interrupted that very thread.
bool Writer::advance(std::uint32_t from) {
  if (from + 1 == most_segments || cannot_grow_.load(std::memory_order_relaxed)) return false;
  if (is_quiet_.load(std::memory_order_relaxed)) return false;
  if (is_growing_.exchange(true, std::memory_order_acquire)) return wait_for_growth();

  const int error = errno;
  const bool is_behind = current_.load(std::memory_order_relaxed) == from;
  const bool has_grown = !is_behind || grow(from + 1);
  if (!has_grown) cannot_grow_.store(true, std::memory_order_relaxed);
  is_growing_.store(false, std::memory_order_release);
  errno = error;
  return has_grown;
}

bool Writer::wait_for_growth() const {
  constexpr int patience = 1000;
  for (int i = 0; i < patience && is_growing_.load(std::memory_order_acquire); ++i) ::sched_yield();
  return !is_growing_.load(std::memory_order_acquire);
}

bool Writer::grow(std::uint32_t number) {
  auto& next = segments_[number];
  if (!next.create(identity_, number, slots_of_segment(number))) return false;
  size_.fetch_add(next.size(), std::memory_order_relaxed);
  segments_[number - 1].close();
  current_.store(number, std::memory_order_release);
  return true;
}

bool Writer::write_text(std::uint64_t id, Span text) {
  const auto length = text.length < longest_text ? text.length : longest_text;
  const auto pieces = static_cast<std::uint32_t>(length / Text::room + 1);
  const Given given = reserve(pieces, Use::other);
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

void Writer::set_state(State state) {
  for (auto& segment : segments_) {
    if (segment.is_open()) segment.heading().state.store(state, std::memory_order_release);
  }
}

/// Opened for reading too: without that a recorder that is gone would mean SIGPIPE for the program.
void Writer::ring_bell() const {
  if (is_quiet_.load(std::memory_order_relaxed)) return;
  const int error = errno;
  Path bell(identity_.folder);
  bell.add('/').add(bell_name);
  const int fd = ::open(bell.text(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0) {
    const auto written = ::write(fd, "", 1);
    (void)written;  // a full pipe rings as well
    ::close(fd);
  }
  errno = error;
}

}  // namespace mprofpp::wire
