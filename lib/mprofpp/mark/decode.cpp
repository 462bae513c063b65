#include "mprofpp/mark/decode.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace mprofpp::mark {
namespace {

using wire::Heading;

constexpr std::uint32_t fewest_slots = 64;
constexpr std::uint32_t most_slots = wire::slots_of_segment(wire::most_segments - 1);

template <class T>
T value_at(std::span<const char> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::uint64_t sequence_of(std::span<const char> slots, std::size_t index) {
  return value_at<std::uint64_t>(slots,
                                 index * sizeof(wire::Slot) + offsetof(wire::Slot, sequence));
}

template <class IsWanted>
std::size_t count_while(std::span<const char> slots, IsWanted is_wanted) {
  const std::size_t count = slots.size() / sizeof(wire::Slot);
  std::size_t index = 0;
  while (index < count && is_wanted(sequence_of(slots, index), index)) ++index;
  return index;
}

Failure not_a_ring(std::string_view what) {
  return fail(Errc::malformed, "", what);
}

using RecordBytes = std::array<char, wire::record_size>;

std::optional<Record> event_of(const RecordBytes& bytes) {
  const auto event = std::bit_cast<wire::Event>(bytes);
  if (event.lane_kind > wire::LaneKind::task) return std::nullopt;
  return event;
}

std::optional<Record> text_of(RecordBytes bytes) {
  auto& last = bytes[offsetof(wire::Text, is_last)];
  last = last != 0;  // any other byte would be no bool
  const auto text = std::bit_cast<wire::Text>(bytes);
  if (text.length > wire::Text::room) return std::nullopt;
  return text;
}

}  // namespace

Result<RingIdentity> parse_identity(std::span<const char> heading) {
  if (heading.size() < sizeof(Heading)) return not_a_ring("is shorter than a ring's heading");
  if (value_at<std::uint32_t>(heading, offsetof(Heading, magic)) != wire::magic) {
    return not_a_ring("is no ring");
  }
  if (value_at<std::uint16_t>(heading, offsetof(Heading, version)) != wire::version) {
    return not_a_ring("is a ring of another version");
  }
  const RingIdentity identity{
      .pid = value_at<std::uint32_t>(heading, offsetof(Heading, pid)),
      .writer = value_at<std::uint32_t>(heading, offsetof(Heading, writer)),
      .start = value_at<std::uint64_t>(heading, offsetof(Heading, start)),
      .begun = value_at<std::uint64_t>(heading, offsetof(Heading, begun)),
      .segment = value_at<std::uint32_t>(heading, offsetof(Heading, segment)),
      .slots = value_at<std::uint32_t>(heading, offsetof(Heading, slots)),
  };
  const bool sound = std::has_single_bit(identity.slots) && identity.slots >= fewest_slots &&
                     identity.slots <= most_slots && identity.segment < wire::most_segments;
  if (!sound) return not_a_ring("is a ring of a size that nobody makes");
  return identity;
}

Result<RingProgress> parse_progress(std::span<const char> heading) {
  if (heading.size() < progress_size) return not_a_ring("is shorter than a ring's heading");
  const auto reserved = value_at<std::uint64_t>(heading, offsetof(Heading, reserved));
  return RingProgress{
      .state = value_at<wire::State>(heading, offsetof(Heading, state)),
      .reserved = reserved & ~wire::closed_bit,
      .closed = (reserved & wire::closed_bit) != 0,
      .dropped = value_at<std::uint64_t>(heading, offsetof(Heading, dropped)),
  };
}

std::size_t count_committed(std::span<const char> slots, std::uint64_t first) {
  return count_while(slots, [first](std::uint64_t sequence, std::size_t index) {
    return sequence == first + index + 1;
  });
}

std::size_t count_torn(std::span<const char> slots, std::uint64_t first) {
  return count_while(slots, [first](std::uint64_t sequence, std::size_t index) {
    return sequence != first + index + 1;
  });
}

std::optional<Record> decode(std::span<const char> slot) {
  if (slot.size() < sizeof(wire::Slot)) return std::nullopt;
  const auto bytes = value_at<RecordBytes>(slot, offsetof(wire::Slot, record));
  switch (static_cast<wire::Kind>(bytes.front())) {
    case wire::Kind::enter:
    case wire::Kind::leave:
    case wire::Kind::mark:
      return event_of(bytes);
    case wire::Kind::text:
      return text_of(bytes);
    case wire::Kind::module:
      return std::bit_cast<wire::Module>(bytes);
  }
  return std::nullopt;
}

}  // namespace mprofpp::mark
