#include "mprofpp/mark/stream.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::mark {

void Stream::add(Ring ring) {
  auto& place = rings_[ring.identity().segment];
  if (!place) place = std::move(ring);
}

std::uint64_t Stream::drain(Writer writer, const Ring::Take& take) {
  std::uint64_t count = 0;
  for (auto& ring : rings_) {
    if (!ring && writer != Writer::is_gone) break;  // not found yet, and what follows must wait
    if (!ring) continue;
    count += ring->drain(writer, take).value_or(0);
    if (writer != Writer::is_gone && !ring->is_exhausted()) break;
  }
  return count;
}

void Stream::read_sums() {
  if (rings_.front()) rings_.front()->read_sums();
}

void Stream::look(Writer writer, const Ring::TakeShort& take) {
  if (rings_.front()) rings_.front()->look(writer, take);
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

std::uint64_t Stream::take_lost() {
  std::uint64_t lost = 0;
  for (auto& ring : rings_) lost += ring ? ring->take_lost() : 0;
  return lost;
}

void Stream::tell(std::uint64_t answer) {
  const auto place = answers_.add(answer);
  if (place && rings_.front()) rings_.front()->tell(*place, answer, answers_.count());
}

void Stream::remove() {
  for (auto& ring : rings_) {
    if (ring) ring->remove();
    ring.reset();
  }
}

}  // namespace mprofpp::mark
