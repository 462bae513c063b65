#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/record.hpp"

/// What the bytes of a ring say. Pure functions: the bytes are a stranger's and may be anything.
namespace mprofpp::mark {

/// What a ring's heading says once and for all.
struct RingIdentity {
  std::uint32_t pid = 0;
  std::uint32_t writer = 0;
  std::uint64_t start = 0;
  std::uint64_t begun = 0;
  std::uint32_t segment = 0;
  std::uint32_t slots = 0;

  friend bool operator==(const RingIdentity&, const RingIdentity&) = default;
};
/// Errors: malformed when it is not a ring, or of a size that no writer makes; unsupported when another
/// build of mprofpp writes it.
Result<RingIdentity> parse_identity(std::span<const char> heading);

/// How far the writer is.
struct RingProgress {
  wire::State state = wire::State::live;
  std::uint64_t reserved = 0;
  bool closed = false;  ///< no slot will be reserved any more
  std::uint64_t dropped = 0;
  std::uint32_t tallies = 0;
  bool lacks_tally = false;

  friend bool operator==(const RingProgress&, const RingProgress&) = default;
};
/// The part of a heading that parse_progress reads.
inline constexpr std::size_t progress_size =
    offsetof(wire::Heading, lacks_tally) + sizeof(std::uint32_t);
/// Errors: malformed when the heading is cut short.
Result<RingProgress> parse_progress(std::span<const char> heading);

/// How many of the slots stand for records that are written whole, until the first that is not;
/// `first` is the number of the first one.
std::size_t count_committed(std::span<const char> slots, std::uint64_t first);
/// The opposite: how many at the beginning were reserved and never written.
std::size_t count_torn(std::span<const char> slots, std::uint64_t first);

using Record = std::variant<wire::Event, wire::Text, wire::Module>;

/// The record in a slot; nothing when it is none that we know.
std::optional<Record> decode(std::span<const char> slot);

/// As wire::Counting.
struct Counting {
  std::uint64_t call = 0;
  std::size_t sum = 0;
  std::uint32_t count = 0;
  std::uint64_t length = 0;
  std::uint64_t growth = 0;
};
/// What a tally says of itself; its pending calls as the enter events that they would have been.
struct TallyHead {
  std::uint32_t thread = 0;
  std::uint32_t epoch = 0;
  std::vector<wire::Event> pending;  ///< the innermost last
  std::optional<Counting> counting;  ///< of the innermost, if that is going on
};
/// The part of a tally that parse_tally_head reads.
inline constexpr std::size_t tally_head_size = offsetof(wire::Tally, rates);
/// Nothing when it is cut short.
std::optional<TallyHead> parse_tally_head(std::span<const char> tally);

/// As wire::CallSum.
struct CallSum {
  std::uint64_t what = 0;
  std::uint16_t level = 0;
  std::uint8_t flags = 0;
  std::uint32_t count = 0;
  std::uint64_t length = 0;
  std::uint64_t growth = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t rss_min = 0;
  std::uint64_t rss_max = 0;
};
/// Of as many bytes as a sum has.
CallSum parse_sum(std::span<const char> sum);

}  // namespace mprofpp::mark
