#include "mprofpp/ring/decode.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mprofpp::ring {
namespace {

using wire::RingHeader;

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
  last = static_cast<char>(last != 0);  // a bool may only be 0 or 1
  const auto text = std::bit_cast<wire::Text>(bytes);
  if (text.length > wire::Text::room) return std::nullopt;
  return text;
}

wire::Event pending_event(std::span<const char> call, std::uint32_t thread) {
  using Call = wire::PendingCall;
  wire::Event event{};
  event.kind = wire::Kind::enter;
  event.flags = value_at<std::uint8_t>(call, offsetof(Call, flags));
  event.thread = thread;
  event.time = value_at<std::uint64_t>(call, offsetof(Call, time));
  event.call = value_at<std::uint64_t>(call, offsetof(Call, call));
  event.what = value_at<std::uint64_t>(call, offsetof(Call, what));
  event.rss = value_at<std::uint64_t>(call, offsetof(Call, rss));
  return event;
}

Counting counting_in(std::span<const char> bytes) {
  return {
      .call = value_at<std::uint64_t>(bytes, offsetof(wire::Counting, call)),
      .sum = value_at<std::uint32_t>(bytes, offsetof(wire::Counting, sum)),
      .count = value_at<std::uint32_t>(bytes, offsetof(wire::Counting, count)),
      .length = value_at<std::uint64_t>(bytes, offsetof(wire::Counting, length)),
      .growth = value_at<std::uint64_t>(bytes, offsetof(wire::Counting, growth)),
  };
}

}  // namespace

Result<RingIdentity> parse_identity(std::span<const char> header) {
  if (header.size() < sizeof(RingHeader)) return not_a_ring("is shorter than a ring's header");
  if (value_at<std::uint32_t>(header, offsetof(RingHeader, magic)) != wire::magic) {
    return not_a_ring("is not a ring");
  }
  if (value_at<std::uint32_t>(header, offsetof(RingHeader, stamp)) != wire::stamp) {
    return fail(Errc::unsupported, "", "is a ring of another build of mprofpp");
  }
  const RingIdentity identity{
      .pid = value_at<std::uint32_t>(header, offsetof(RingHeader, pid)),
      .writer = value_at<std::uint32_t>(header, offsetof(RingHeader, writer)),
      .start = value_at<std::uint64_t>(header, offsetof(RingHeader, start)),
      .begun = value_at<std::uint64_t>(header, offsetof(RingHeader, begun)),
      .segment = value_at<std::uint32_t>(header, offsetof(RingHeader, segment)),
      .slots = value_at<std::uint32_t>(header, offsetof(RingHeader, slots)),
  };
  const bool sound = std::has_single_bit(identity.slots) && identity.slots >= fewest_slots &&
                     identity.slots <= most_slots && identity.segment < wire::most_segments;
  if (!sound) return not_a_ring("has a size that no ring has");
  return identity;
}

Result<RingProgress> parse_progress(std::span<const char> header) {
  if (header.size() < progress_size) return not_a_ring("is shorter than a ring's header");
  const auto reserved = value_at<std::uint64_t>(header, offsetof(RingHeader, reserved));
  return RingProgress{
      .state = value_at<wire::State>(header, offsetof(RingHeader, state)),
      .reserved = reserved & ~wire::closed_bit,
      .closed = (reserved & wire::closed_bit) != 0,
      .dropped = value_at<std::uint64_t>(header, offsetof(RingHeader, dropped)),
      .tallies = std::min(value_at<std::uint32_t>(header, offsetof(RingHeader, tallies)),
                          wire::most_tallies),
      .lacks_tally = value_at<std::uint32_t>(header, offsetof(RingHeader, lacks_tally)) != 0,
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

std::optional<TallyHead> parse_tally_head(std::span<const char> tally) {
  if (tally.size() < tally_head_size) return std::nullopt;
  TallyHead head;
  head.thread = value_at<std::uint32_t>(tally, offsetof(wire::Tally, thread));
  head.epoch = value_at<std::uint32_t>(tally, offsetof(wire::Tally, epoch));
  const std::size_t depth = value_at<std::uint32_t>(tally, offsetof(wire::Tally, depth));
  for (std::size_t i = 0; i < std::min(depth, wire::most_pending); ++i) {
    const auto at = offsetof(wire::Tally, pending) + i * sizeof(wire::PendingCall);
    head.pending.push_back(pending_event(tally.subspan(at), head.thread));
  }
  const auto counting = counting_in(tally.subspan(offsetof(wire::Tally, counting)));
  if (depth > 0 && head.pending.back().call == counting.call) head.counting = counting;
  return head;
}

CallSum parse_sum(std::span<const char> sum) {
  using Sum = wire::CallSum;
  return {
      .what = value_at<std::uint64_t>(sum, offsetof(Sum, what)),
      .level = value_at<std::uint16_t>(sum, offsetof(Sum, level)),
      .flags = value_at<std::uint8_t>(sum, offsetof(Sum, flags)),
      .count = value_at<std::uint32_t>(sum, offsetof(Sum, count)),
      .length = value_at<std::uint64_t>(sum, offsetof(Sum, length)),
      .growth = value_at<std::uint64_t>(sum, offsetof(Sum, growth)),
      .from = value_at<std::uint64_t>(sum, offsetof(Sum, from)),
      .to = value_at<std::uint64_t>(sum, offsetof(Sum, to)),
      .rss_min = value_at<std::uint64_t>(sum, offsetof(Sum, rss_min)),
      .rss_max = value_at<std::uint64_t>(sum, offsetof(Sum, rss_max)),
  };
}

}  // namespace mprofpp::ring
