#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/record.hpp"

/// Decodes the bytes of a ring. These are pure functions, which accept any bytes: another process writes
/// them.
namespace mprofpp::ring {

/// The part of a ring's header that never changes.
struct RingIdentity {
  std::uint32_t pid = 0;
  std::uint32_t writer = 0;
  std::uint64_t start = 0;
  std::uint64_t begun = 0;
  std::uint32_t segment = 0;
  std::uint32_t slots = 0;

  friend bool operator==(const RingIdentity&, const RingIdentity&) = default;
};
/// Errors: malformed if it is not a ring, or has a size that no writer uses; unsupported if another build of
/// mprofpp writes it.
Result<RingIdentity> parse_identity(std::span<const char> header);

/// The part of a ring's header that shows how far the writer has got.
struct RingProgress {
  wire::State state = wire::State::live;
  std::uint64_t reserved = 0;
  bool closed = false;  ///< true once no more slots will be reserved
  std::uint64_t dropped = 0;
  std::uint32_t tallies = 0;
  bool lacks_tally = false;

  friend bool operator==(const RingProgress&, const RingProgress&) = default;
};
/// The number of bytes of the header that parse_progress reads.
inline constexpr std::size_t progress_size =
    offsetof(wire::RingHeader, lacks_tally) + sizeof(std::uint32_t);
/// Errors: malformed if the header is cut short.
Result<RingProgress> parse_progress(std::span<const char> header);

/// Counts the slots with complete records, up to the first incomplete one. `first` is the number of the
/// first record.
std::size_t count_committed(std::span<const char> slots, std::uint64_t first);
/// Counts the slots without a complete record, up to the first complete one.
std::size_t count_torn(std::span<const char> slots, std::uint64_t first);

using Record = std::variant<wire::Event, wire::Text, wire::Module>;

/// Returns the record in a slot, or nothing if its kind is unknown or its content impossible.
std::optional<Record> decode(std::span<const char> slot);

/// See wire::Counting.
struct Counting {
  std::uint64_t call = 0;
  std::size_t sum = 0;
  std::uint32_t count = 0;
  std::uint64_t length = 0;
  std::uint64_t growth = 0;
};
/// The first part of a tally.
struct TallyHead {
  std::uint32_t thread = 0;
  std::uint32_t epoch = 0;
  std::vector<wire::Event> pending;  ///< the pending calls as enter events, the innermost last
  std::optional<Counting> counting;  ///< set if the thread is just counting the innermost call
};
/// The number of bytes of a tally that parse_tally_head reads.
inline constexpr std::size_t tally_head_size = offsetof(wire::Tally, rates);
/// Returns nothing if the tally is cut short.
std::optional<TallyHead> parse_tally_head(std::span<const char> tally);

/// See wire::CallSum.
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
/// `sum` must have at least the size of a wire::CallSum.
CallSum parse_sum(std::span<const char> sum);

}  // namespace mprofpp::ring
