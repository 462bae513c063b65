#include "mprofpp/ring/stream.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::ring {

void Stream::add(Ring ring) {
  auto& place = rings_[ring.identity().segment];
  if (!place) place = std::move(ring);
}

std::uint64_t Stream::drain(WriterState writer, const Ring::OnRecord& on_record) {
  std::uint64_t count = 0;
  for (auto& ring : rings_) {
    if (!ring && writer != WriterState::gone) break;  // not found yet, so the next rings must wait
    if (!ring) continue;
    count += ring->drain(writer, on_record).value_or(0);
    if (writer != WriterState::gone && !ring->is_exhausted()) break;
  }
  return count;
}

void Stream::read_sums() {
  if (rings_.front()) rings_.front()->read_sums();
}

void Stream::read_short_calls(WriterState writer, const Ring::OnShortCalls& on_calls) {
  if (rings_.front()) rings_.front()->read_short_calls(writer, on_calls);
}

Bytes Stream::size() const {
  Bytes size;
  for (const auto& ring : rings_) size += ring ? ring->size() : Bytes{};
  return size;
}

bool Stream::is_waiting() const {
  return std::any_of(rings_.begin(), rings_.end(),
                     [](const auto& ring) { return ring && ring->is_waiting(); });
}

bool Stream::is_left() const {
  return std::any_of(rings_.begin(), rings_.end(), [](const auto& ring) {
    return ring && ring->progress().state == wire::State::left;
  });
}

std::uint64_t Stream::new_losses() {
  std::uint64_t lost = 0;
  for (auto& ring : rings_) lost += ring ? ring->new_losses() : 0;
  return lost;
}

void Stream::write_filter_entry(std::uint64_t entry) {
  const auto place = filter_.add(entry);
  if (place && rings_.front()) rings_.front()->write_filter_entry(*place, entry, filter_.count());
}

void Stream::remove() {
  for (auto& ring : rings_) {
    if (ring) ring->remove();
    ring.reset();
  }
}

}  // namespace mprofpp::ring
